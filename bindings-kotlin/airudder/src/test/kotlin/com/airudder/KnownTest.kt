package com.airudder

import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** Every page of AI Rudder's documentation leads to an operation, an event or a chapter that this package has. */
class KnownTest {
    private val rows =
        TestServer.workspace
            .resolve(
                "contract/pages.tsv",
            ).readLines()
            .drop(1)
            .filter { it.isNotBlank() }
            .map { it.split("\t") }
    private val client = AiRudder(appKey = "key", appSecret = "secret", verifyEvents = false)

    @Test
    fun `no page is passed over`() {
        assertEquals(320, rows.size)
        val documents = documents()
        val problems =
            rows.mapNotNull { (id, title) ->
                when {
                    id.startsWith("event:") -> eventProblem(id.removePrefix("event:"), title)
                    id in documents -> headingProblem(checkNotNull(documents[id]))
                    else -> operationProblem(id, title)
                }?.let { "$id ($title): $it" }
            }
        assertEquals(emptyList<String>(), problems)
    }

    @Test
    fun `nothing is known that no page describes`() {
        val ids = rows.map { it.first() }.toSet()
        assertEquals(emptyList<String>(), AiRudder.operations.keys.filter { it !in ids })
        assertEquals(emptyList<String>(), AiRudder.eventKinds.keys.filter { "event:$it" !in ids })
    }

    @Test
    fun `an operation tells what is known of it`() {
        val operation = AiRudder.operations.getValue("tasks.cancel_call")
        assertEquals(listOf("tasks", "cancel_call", "POST"), listOf(operation.family, operation.name, operation.method))
        assertEquals("/service/cloud/cancelphonecall" to Source.REPORTED, operation.path to operation.source)
        assertTrue(operation.page in operation.pages && operation.summary.isNotBlank(), "$operation")
        assertEquals(Retry.READ to Retry.ONCE, AiRudder.operations["tasks.list"]?.retry to AiRudder.operations["tasks.create"]?.retry)
        assertEquals(Source.DOCUMENTED, AiRudder.eventKinds["workflow.status"]?.source)
    }

    private fun operationProblem(
        id: String,
        title: String,
    ): String? {
        val operation = AiRudder.operations[id] ?: return "is no operation"
        val family = Steps.familyOf(client, Steps.camel(operation.family))
        val methods = family::class.members.map { it.name }
        return when {
            Steps.camel(operation.name) !in methods -> "is no method of ${family::class.simpleName}"
            title !in operation.pages -> "has other pages: ${operation.pages}"
            else -> null
        }
    }

    private fun eventProblem(
        kind: String,
        title: String,
    ): String? {
        val known = AiRudder.eventKinds[kind] ?: return "is no kind of event"
        val event = client.events.unwrap("{}".toByteArray(), emptyMap(), kind)
        val wanted = kind.split('.', '_').joinToString("") { word -> word.replaceFirstChar { it.uppercase() } }
        return when {
            event.kind != kind || event::class.simpleName != wanted -> "comes as $event"
            title !in known.pages -> "has other pages: ${known.pages}"
            else -> null
        }
    }

    /** Where the chapters stand that are about no single operation, by the id of their pages. */
    private fun documents(): Map<String, String> =
        TestServer.json("contract/documents.json").mapValues { (_, document) -> document.jsonObject.getValue("places").text("kotlin") }

    private fun headingProblem(place: String): String? {
        val (path, anchor) = place.split("#")
        val lines = File(TestServer.workspace, path).readLines()
        val start = lines.indexOfFirst { it.startsWith("#") && anchor(it) == anchor }
        if (start < 0) return "$path has no heading for #$anchor"
        val text = lines.drop(start + 1).takeWhile { !it.startsWith("#") }
        return if (text.all { it.isBlank() }) "nothing stands under $place" else null
    }

    /** The anchor that GitHub gives a heading. */
    private fun anchor(heading: String) =
        heading
            .trimStart('#')
            .trim()
            .lowercase()
            .filter { it.isLetterOrDigit() || it in " -_" }
            .replace(' ', '-')
}
