package com.airudder

import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.time.OffsetDateTime
import kotlin.io.path.writeBytes

/** The programs of the README's chapters on single parts of the API, as they stand there. */
@Timeout(120)
class ReadmeFamiliesTest {
    private val emulator = TestServer.emulator("--encryption-key", "airudderredduria")
    private val client = AiRudder(baseUrl = emulator.url, maxRetries = 0)
    private val printed = mutableListOf<String>()

    @AfterEach
    fun end() {
        client.close()
        emulator.close()
    }

    // Stands in for Kotlin's own, so that a test sees what a program does.
    private fun println(line: String) = printed.add(line)

    private suspend fun create(robot: Robot): CreatedTask {
        val offer = mapOf("offer" to JsonPrimitive("10 GB")) // a variable of the robot
        val contacts =
            when (robot.businessLine) {
                "collection" -> listOf(CollectionContact(mobile = "+6281230000001", debtor = "Budi", arrears = "150000", unit = "IDR"))
                "info_check" -> listOf(InfoCheckContact(mobile = "+6281230000001", name = "Ani", idNumber = "3171234567890001"))
                else -> listOf(TelemarketingContact(mobile = "+6281230000001", name = "Sari", extra = offer))
            }
        val robotId = robot.robotId.orEmpty()
        return client.tasks.create("A task", "2020-01-01 00:00:00", "2099-01-01 00:00:00", robotId = robotId, details = contacts)
    }

    @Test
    suspend fun `each business line has its own contacts and results`() {
        val classes =
            client.tasks.robots().robots.filter { it.status == "enabled" }.associate { robot ->
                val task = create(robot)
                while (client.tasks.detail(task.taskId).status != "finished") delay(50)
                val call =
                    client.tasks
                        .detail(task.taskId)
                        .calls
                        .single()
                robot.businessLine to call::class
            }
        assertEquals(
            mapOf("collection" to CollectionCall::class, "telemarketing" to TelemarketingCall::class, "info_check" to InfoCheckCall::class),
            classes,
        )
    }

    @Test
    suspend fun `a workflow takes contacts and lets them go`() {
        val template = client.workflows.templatesAll().first { it.workflowTemplateName == "Payment reminder" }
        val workflow =
            client.workflows.create(
                workflowTemplateId = template.workflowTemplateId ?: 0,
                name = "Reminders",
                endTime = OffsetDateTime.now().plusHours(8).toZonedTime(), // a time without its zone is refused
                details = listOf(WorkflowContact(callee = "+6281230000001", caseId = "case-1", variables = mapOf("callee_name" to "Budi"))),
            )
        client.workflows.addContacts(workflow.workflowId, listOf(WorkflowContact(callee = "+6281230000005", caseId = "case-2")))
        client.workflows.cancelContact(workflow.workflowId, caseId = "case-1")
        val calls = client.workflows.findCalls(callee = "+6281230000005", workflowId = workflow.workflowId).calls
        assertTrue(calls.all { it.caseId == "case-2" }, "$calls")
        assertEquals(
            2L,
            client.workflows
                .list()
                .workflows
                .single()
                .total,
        )
    }

    @Test
    suspend fun `messages are read, and answered by an agent`(
        @TempDir folder: Path,
    ) {
        val callId = "chat-1"
        val contents = listOf(TextContent("agent"), ImageContent(Media("https://example.com/door.png")), OtherContent("sticker"))
        client.chatbot.botUserMessage(callId, "5003", ChatUser("u-1"), contents.map { OutgoingMessage(it) }, channel = "Web")
        while (client.chatbot
                .sessions()
                .sessions
                .single()
                .status != "waiting"
        ) {
            delay(50)
        }
        client.chatbot.transferResult(callId, result = "success", seatId = "2041")
        talk(callId, folder.resolve("door.png").apply { writeBytes(ByteArray(9)) })
        assertEquals("user says agent", printed.single { "says agent" in it })
        assertTrue("user shows https://example.com/door.png" in printed, "$printed")
        assertTrue("user sends sticker with []" in printed, "$printed")
        val sent =
            client.chatbot
                .messages(callId)
                .messages
                .first()
        assertEquals(TextContent("Hello"), sent.content)
    }

    private suspend fun talk(
        callId: String,
        photo: Path,
    ) {
        for (message in client.chatbot.messages(callId).messages) {
            when (val content = message.content) {
                is TextContent -> println("${message.senderType} says ${content.text}")
                is ImageContent -> println("${message.senderType} shows ${content.media?.originUrl}")
                else -> println("${message.senderType} sends ${content?.contentType} with ${content?.extra?.keys}")
            }
        }
        val greeting = OutgoingMessage(TextContent("Hello"), extra = mapOf("custom" to JsonPrimitive("order 17")))
        client.chatbot.sendMessage(callId, listOf(greeting))
        val picture = client.chatbot.uploadFile(Upload(photo)) // a Path or a File; Upload(bytes, "door.png") sends bytes
        assertEquals("door.png", picture.name)
    }

    private fun show(body: ByteArray) {
        val headers = emptyMap<String, String>()
        when (val event = client.events.unwrap(body, headers, kind = "inbound.call_ended")) {
            is Event.InboundTransferred -> println("${event.data.agentName} took over")
            is Event.InboundCallEnded -> println("they talked for ${event.data.talkDuration} s")
            else -> println("${event.kind} is no inbound call")
        }
    }

    @Test
    fun `an inbound call is told by its event`() {
        show("""{"callid": "c-1", "talkduration": 90}""".toByteArray())
        assertEquals(listOf("they talked for 90 s"), printed)
    }

    @Test
    fun `a signer and a key are settings of the client`() {
        val environment = mapOf("AIRUDDER_BASE_URL" to emulator.url)
        assertEquals("authentication\n", outputOf(SigningProgram::class, environment = environment))
        assertEquals("0 tasks\n", outputOf(EncryptingProgram::class, environment = environment))
        val log =
            emulator
                .control("GET", "/_emulator/requests")
                .jsonObject
                .getValue("data")
                .toString()
        assertTrue(""""encrypted":true""" in log, log)
    }
}

/** Signs by itself; the emulator wants another sign. */
object SigningProgram {
    @JvmStatic
    fun main(arguments: Array<String>) =
        runBlocking {
            val client = AiRudder(signKey = "...", signer = { request -> mySign(request.path, request.body) })
            try {
                client.chatbot.company()
                println("signed")
            } catch (failed: AiRudderException) {
                println(failed.code)
            }
        }

    private fun mySign(
        path: String,
        body: ByteArray?,
    ) = "$path ${body?.size}"
}

/** Encrypts its requests. */
object EncryptingProgram {
    @JvmStatic
    fun main(arguments: Array<String>) =
        runBlocking {
            val client = AiRudder(encryptionKey = "airudderredduria") // 16 bytes, as agreed with AI Rudder
            println("${client.tasks.list(page = 1).tasks.size} tasks")
        }
}
