import com.airudder.AiRudder
import com.airudder.ButtonInteractive
import com.airudder.ChatUser
import com.airudder.ImageContent
import com.airudder.InteractiveAction
import com.airudder.InteractiveChoice
import com.airudder.InteractiveContent
import com.airudder.InteractiveText
import com.airudder.Media
import com.airudder.OutgoingMessage
import com.airudder.ReplyButton
import com.airudder.TextContent
import com.airudder.Upload
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import java.util.Base64
import java.util.UUID

private val photo =
    Base64.getDecoder().decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEUlEQVR4nGO4aaAKRAz/wQAALycIV3CpngkAAAAASUVORK5CYII=",
    )

suspend fun main() {
    val client = AiRudder()
    val callId = UUID.randomUUID().toString()

    val user = ChatUser(id = "u-1", name = "Ani")
    client.chatbot.botUserMessage(callId, channelId = "5003", user, listOf(OutgoingMessage(TextContent("agent, please"))), channel = "Web")
    while (client.chatbot
            .sessionsAll()
            .first { it.callId == callId }
            .status != "waiting"
    ) {
        delay(200)
    }
    client.chatbot.transferResult(callId, result = "success", seatId = "2041")

    val buttons = listOf("Yes", "No").map { ReplyButton("reply", InteractiveChoice(id = it.lowercase(), title = it)) }
    val question = ButtonInteractive(body = InteractiveText("Is this your door?"), action = InteractiveAction(buttons = buttons))
    val picture = client.chatbot.uploadFile(Upload(photo, "door.png"))
    val contents = listOf(TextContent("Hello, Ani."), ImageContent(Media(picture.originUrl)), InteractiveContent(question))
    client.chatbot.sendMessage(callId, contents.map { OutgoingMessage(it) })

    for (message in client.chatbot
        .messagesAll(callId, size = 2)
        .toList()
        .reversed()) {
        when (val content = message.content) {
            is TextContent -> println("${message.senderType}: ${content.text}")
            else -> println("${message.senderType}: [${content?.contentType}]")
        }
    }
    client.chatbot.endSession(callId)
}
