'use strict';

const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const folder = join(__dirname, '..', 'native');

/** The platform's library. On Linux the one for the C library that runs this process: the other one does not load. */
function load() {
  const platform = `${process.platform}-${process.arch}`;
  const names = process.platform === 'linux' ? [`${platform}-gnu`, `${platform}-musl`] : [platform];
  const present = names.map((name) => join(folder, `${name}.node`)).filter(existsSync);
  const causes = [];
  for (const path of present) {
    try {
      return require(path);
    } catch (cause) {
      causes.push(cause);
    }
  }
  const known = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.node')) : [];
  throw new AggregateError(
    causes,
    present.length > 0
      ? `The native library of airudder for ${platform} does not load: ${causes[0].message}`
      : `This copy of airudder has no native library for ${platform}; it has: ${known.join(', ') || 'none'}.`,
  );
}

module.exports = load();
