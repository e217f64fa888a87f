// The main job, from credentials to a finished call: sign in, choose a robot, create a task over an encrypting client, follow it, receive its
// events, read its results, and listen to a recording. Run it against the emulator:
//
//     AIRUDDER_BASE_URL=http://127.0.0.1:8181 AIRUDDER_ENCRYPTION_KEY=airudderredduria examples/kotlin/run demo

import com.airudder.AiRudder
import com.airudder.Call
import com.airudder.CollectionContact
import com.airudder.Event
import com.airudder.TaskDetail
import com.airudder.TaskFinished
import com.airudder.toAccountTime
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.nio.file.Path
import java.time.LocalDateTime
import java.util.concurrent.ConcurrentHashMap
import kotlin.io.path.createTempDirectory
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

// The emulator goes by the last digits of a number: these people answer, do not answer, are busy, and answer when they are called again.
private val contacts =
    listOf(
        contact("+6281230000001", "Budi", "2026-12-01", "150000"),
        contact("+6281230000002", "Sari", "2026-12-01", "275000"),
        contact("+6281230000003", "Wayan", "2026-12-02", "80000"),
        contact("+6281230000005", "Dewi", "2026-12-03", "990000"),
    )
private val statuses = listOf("answered", "no_answer", "busy", "answered")

// What the events told. Kept by its id, one that comes again counts once.
private val toldCalls = ConcurrentHashMap<String, Call>()
private val toldTasks = ConcurrentHashMap<String, TaskFinished>()

suspend fun main() {
    val folder = createTempDirectory("airudder-demo-")
    try {
        AiRudder().use { client ->
            EventReceiver(client, ::keep).use { events ->
                withTimeout(1.minutes) { demo(client, events, folder) }
            }
        }
    } finally {
        folder.toFile().deleteRecursively()
    }
    finish()
}

private fun keep(event: Event): Boolean {
    when (event) {
        is Event.CallFinished -> toldCalls[event.data.callId.orEmpty()] = event.data
        is Event.TaskFinished -> toldTasks[event.data.taskId.orEmpty()] = event.data
        else -> return false
    }
    return true
}

private suspend fun demo(
    client: AiRudder,
    events: EventReceiver,
    folder: Path,
) {
    val token = client.auth.token().token
    say("signed in", "a token of ${token.length} characters")

    val robots = client.tasks.robots().robots
    say("robots", robots.joinToString { "${it.robotName} (${it.robotId}, ${it.language})" })
    val robot = robots.first { it.status == "enabled" }

    val created =
        client.tasks.create(
            taskName = "Reminders from Kotlin",
            scheduleStartTime = accountTime(0),
            scheduleEndTime = accountTime(8),
            robotId = robot.robotId.orEmpty(),
            details = contacts,
            repeatNumber = 1,
            repeatInterval = 1,
        )
    say("created", "task ${created.taskId} with ${contacts.size} contacts, encrypted")

    val task = follow(client, created.taskId)
    checkEvents(task)
    checkRecording(client, task, folder)
    checkEncryption(events)
}

/** Waits until the task has ended and tells how far it is. */
private suspend fun follow(
    client: AiRudder,
    taskId: String,
): TaskDetail {
    var told = ""
    while (true) {
        val task = client.tasks.detail(taskId)
        val progress = "${task.status}, ${task.finished} of ${task.total} numbers have their result"
        if (progress != told) say("followed", progress)
        told = progress
        if (task.status == "finished") return task
        delay(200.milliseconds)
    }
}

private suspend fun checkEvents(task: TaskDetail) {
    while (toldTasks.isEmpty() || toldCalls.size < contacts.size) delay(50.milliseconds)
    for (call in toldCalls.values.sortedBy { it.callee }) {
        val talk = if (call.status == "answered") ", ${call.talkDuration} s, intention ${call.intention}" else ""
        say("call.finished", "…${call.callee?.takeLast(4)} ${call.status}$talk")
    }
    val ended = toldTasks.values.single()
    say("task.finished", "${ended.total} numbers, ${ended.answered} answered")
    check(ended.taskId == task.taskId, "task.finished tells the task")
    check(ended.total == contacts.size.toLong() && ended.answered == 2L, "task.finished counts the numbers and the answers")
    check(task.calls.size == contacts.size, "the details hold one call for each contact")
    for ((contact, status) in contacts.zip(statuses)) {
        val call = task.calls.single { it.callee == contact.mobile }
        check(call.status == status, "a number that ends in ${contact.mobile.takeLast(4)} is told as $status")
        val told = toldCalls[call.callId]
        check(
            told?.callee == call.callee && told?.status == call.status && told?.talkDuration == call.talkDuration,
            "call.finished says what the details say",
        )
    }
}

private suspend fun checkRecording(
    client: AiRudder,
    task: TaskDetail,
    folder: Path,
) {
    val call = task.calls.first { it.status == "answered" }
    val download = client.tasks.recording(task.taskId.orEmpty(), call.callee.orEmpty(), folder.resolve("call.wav"))
    val sound = Sound.read(download.path)
    say("recording", "${download.bytes} bytes of ${download.contentType}: ${sound.seconds} s at ${sound.rate} Hz")
    check(sound.seconds == call.talkDuration?.toDouble(), "the recording is as long as the talk")
    check(sound.isAudible, "the recording can be heard")
}

/** The emulator keeps a log of what it received. A request that says nothing has nothing to encrypt, and a token is asked for in clear. */
private fun checkEncryption(events: EventReceiver) {
    val log =
        Emulator
            .control("GET", "/_emulator/requests")
            .getValue("List")
            .jsonArray
            .map { it.jsonObject }
    val own =
        log.filter { request ->
            val userAgent =
                request
                    .getValue("headers")
                    .jsonObject["user-agent"]
                    ?.jsonPrimitive
                    ?.content
                    .orEmpty()
            "Kotlin/" in userAgent && request["operation"]?.jsonPrimitive?.contentOrNull != "auth.token"
        }
    val sent = own.filter { it["query"]?.jsonPrimitive?.content != "" || it["body"] != JsonNull }
    say("encrypted", "${sent.size} requests and ${events.received} events, all of them")
    check(sent.size >= 3 && sent.all { it.getValue("encrypted").jsonPrimitive.boolean }, "every request was encrypted")
    check(events.received > contacts.size && events.inClear.get() == 0, "every event was encrypted")
}

private fun contact(
    mobile: String,
    debtor: String,
    dueDate: String,
    arrears: String,
) = CollectionContact(mobile, debtor, dueDate = dueDate, arrears = arrears, unit = "IDR", platform = "KoinKita")

/** A time as AI Rudder writes it. This takes the account to be in the time zone of this machine. */
private fun accountTime(hoursFromNow: Long): String = LocalDateTime.now().plusHours(hoursFromNow).toAccountTime()
