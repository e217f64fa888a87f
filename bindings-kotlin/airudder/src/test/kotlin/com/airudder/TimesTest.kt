package com.airudder

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.time.Instant
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.OffsetDateTime
import java.time.ZoneId

/** The times of Java's library, in the forms that AI Rudder takes. */
class TimesTest {
    private val zone = ZoneId.of("Asia/Jakarta")
    private val noon = LocalDateTime.of(2026, 11, 23, 12, 0, 5, 999_000_000)

    @Test
    fun `times are written to the second, with their zone where it is asked for`() {
        assertEquals("2026-11-23 12:00:05+07:00", noon.atZone(zone).toZonedTime())
        assertEquals("2026-11-23 12:00:05+07:00", noon.atZone(zone).toOffsetDateTime().toZonedTime())
        assertEquals("2026-11-23 05:00:05+00:00", noon.atZone(zone).toInstant().toZonedTime())
        assertEquals("2026-11-23 12:00:05", noon.toAccountTime())
    }

    @Test
    fun `builders take them as they are`() {
        val workflow = CreateWorkflow.builder().workflowTemplateId(1).name("one")
        val moments =
            listOf(workflow.endTime(noon.atZone(zone)), workflow.endTime(Instant.EPOCH), workflow.endTime("2026-11-23 18:00:00+08:00"))
        assertEquals("2026-11-23 18:00:00+08:00", moments.last().build().endTime)
        assertEquals("1970-01-01 00:00:00+00:00", workflow.endTime(OffsetDateTime.parse("1970-01-01T00:00:00Z")).build().endTime)
        val contact =
            CollectionContact
                .builder()
                .mobile("+6281230000001")
                .dueDate(LocalDate.of(2026, 12, 1))
                .build()
        assertEquals("2026-12-01", contact.dueDate)
        val task =
            CreateTask
                .builder()
                .taskName("one")
                .robotId("1")
                .details(listOf(contact))
        assertEquals(
            "2026-11-23 12:00:05",
            task
                .scheduleStartTime(noon)
                .scheduleEndTime(noon)
                .build()
                .scheduleEndTime,
        )
    }

    @Test
    suspend fun `a time without a zone is not guessed`() {
        FakeServer { """{"workflow_id": "w"}""" }.use { server ->
            val client = AiRudder(baseUrl = server.url)
            val failed = assertThrows<InvalidRequestException> { client.workflows.create(1, "one", endTime = noon.toAccountTime()) }
            assertTrue(failed.message.orEmpty().contains("`endTime` must carry its zone"), failed.message)
            client.workflows.create(1, "one", endTime = "2026-11-23T18:00:00+08:00")
            assertTrue("2026-11-23 18:00:00+08:00" in server.requests.single().text, server.requests.single().text)
        }
    }
}
