import java.util.concurrent.atomic.AtomicBoolean
import kotlin.system.exitProcess

private val isRight = AtomicBoolean(true)

/** Tells what happened. */
internal fun say(
    what: String,
    text: String,
) = println("  ${what.padEnd(14)} $text")

/** Says so when something is not as it should be. */
internal fun check(
    holds: Boolean,
    what: String,
) {
    if (holds) return
    say("WRONG", "it should be so: $what")
    isRight.set(false)
}

/** Ends the program with 1 when anything was not as it should be. */
internal fun finish() {
    if (!isRight.get()) exitProcess(1)
}
