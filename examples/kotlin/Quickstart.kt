import com.airudder.AiRudder
import com.airudder.CollectionContact
import kotlinx.coroutines.delay
import java.time.LocalDateTime.now
import java.time.format.DateTimeFormatter.ofPattern

suspend fun main() {
    val client = AiRudder()

    fun time(hours: Long) = now().plusHours(hours).format(ofPattern("yyyy-MM-dd HH:mm:ss"))
    val details = listOf(CollectionContact(mobile = "+6281230000001", debtor = "Budi", arrears = "150000", unit = "IDR"))
    val taskId = client.tasks.create("Reminders", time(0), time(8), robotId = "1001", details = details).taskId
    while (client.tasks.detail(taskId).status != "finished") delay(500)
    for (call in client.tasks.detail(taskId).calls) println("${call.callee} ${call.status} ${call.talkDuration} s")
}
