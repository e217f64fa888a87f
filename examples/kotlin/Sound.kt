import java.nio.file.Path
import javax.sound.sampled.AudioSystem

/** A sound file that Java can play. */
internal class Sound(
    val seconds: Double,
    val rate: Int,
    val isAudible: Boolean,
) {
    companion object {
        /** @throws javax.sound.sampled.UnsupportedAudioFileException when it is no sound */
        fun read(path: Path): Sound =
            AudioSystem.getAudioInputStream(path.toFile()).use { stream ->
                val samples = stream.readAllBytes()
                val frames = samples.size / stream.format.frameSize
                Sound(
                    seconds = frames / stream.format.frameRate.toDouble(),
                    rate = stream.format.sampleRate.toInt(),
                    isAudible = samples.any { it != 0.toByte() },
                )
            }
    }
}
