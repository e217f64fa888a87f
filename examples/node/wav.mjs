// Reads a WAV file as a player does: a RIFF container whose chunk `fmt ` says how the samples in its chunk `data` sound.

/** @param {Buffer} file */
export function readWav(file) {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('it is no WAV file');
  if (file.readUInt32LE(4) !== file.length - 8) throw new Error('the WAV file is cut short');
  /** @type {Map<string, Buffer>} */
  const chunks = new Map();
  for (let at = 12; at + 8 <= file.length; ) {
    const size = file.readUInt32LE(at + 4);
    chunks.set(file.toString('latin1', at, at + 4), file.subarray(at + 8, at + 8 + size));
    // Chunks begin at even places.
    at += 8 + size + (size % 2);
  }
  const format = chunks.get('fmt ');
  const data = chunks.get('data');
  if (format === undefined || data === undefined) throw new Error('the WAV file holds no sound');
  const bytesPerSecond = format.readUInt32LE(8);
  return { channels: format.readUInt16LE(2), rate: format.readUInt32LE(4), seconds: data.length / bytesPerSecond };
}
