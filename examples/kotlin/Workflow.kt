// A workflow, from its template to finished contacts: choose a template, begin with some people, add one and cancel one while it runs, receive its
// events, and read who was reached. Run it against the emulator:
//
//     AIRUDDER_BASE_URL=http://127.0.0.1:8181 AIRUDDER_ENCRYPTION_KEY=airudderredduria examples/kotlin/run workflow

import com.airudder.AiRudder
import com.airudder.Event
import com.airudder.Workflow
import com.airudder.WorkflowCall
import com.airudder.WorkflowContact
import com.airudder.WorkflowContactFinished
import com.airudder.WorkflowTemplate
import com.airudder.toZonedTime
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withTimeout
import java.time.OffsetDateTime
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

// The emulator goes by the last digits of a number: these people answer, do not answer, and answer when they are called again.
private val budi = contact("+6281230000001", "case-1", "Budi")
private val sari = contact("+6281230000002", "case-2", "Sari")
private val dewi = contact("+6281230000005", "case-3", "Dewi")
private val ketut = contact("+6281230010001", "case-4", "Ketut")
private val statuses = mapOf(budi to "answered", sari to "no_answer", dewi to "answered", ketut to "answered")

// What the events told. Kept by its id, one that comes again counts once.
private val toldCalls = ConcurrentHashMap<String, WorkflowCall>()
private val toldContacts = ConcurrentHashMap<String, WorkflowContactFinished>()
private val toldStatuses = ConcurrentLinkedQueue<String>()

suspend fun main() {
    AiRudder().use { client ->
        EventReceiver(client, ::keep).use { withTimeout(1.minutes) { workflow(client) } }
    }
    finish()
}

private fun keep(event: Event): Boolean {
    when (event) {
        is Event.WorkflowCallFinished -> toldCalls[event.data.callId.orEmpty()] = event.data
        is Event.WorkflowContactFinished -> toldContacts[event.data.caseId.orEmpty()] = event.data
        is Event.WorkflowStatus -> toldStatuses += event.data.status.orEmpty()
        is Event.WorkflowApiPush -> check(event.data.callee != null, "a push tells of a contact")
        else -> return false
    }
    return true
}

private suspend fun workflow(client: AiRudder) {
    val template = chooseTemplate(client)
    val endTime = OffsetDateTime.now().plusHours(8).toZonedTime()
    val created =
        client.workflows.create(
            workflowTemplateId = template.workflowTemplateId ?: 0,
            name = "Reminders from Kotlin",
            endTime = endTime,
            details = listOf(budi, sari, dewi),
            autoFinish = 1,
        )
    say("created", "workflow ${created.workflowId} with 3 contacts, until $endTime")

    client.workflows.addContacts(created.workflowId, listOf(ketut))
    client.workflows.cancelContact(created.workflowId, caseId = sari.caseId)
    say("changed", "${ketut.name()} is added, and ${sari.name()} is cancelled: a call that has begun is her last")

    // Who was not reached is called again an hour later; nobody waits here for that long.
    while (calls(client, created.workflowId, dewi).none { it.status == "no_answer" }) delay(50.milliseconds)
    Emulator.advance(1.hours)
    say("waited", "an hour on the emulator's clock")

    val finished = follow(client, created.workflowId)
    checkContacts(client, finished)
    checkEvents(finished)
}

private suspend fun chooseTemplate(client: AiRudder): WorkflowTemplate {
    val templates = client.workflows.templatesAll().toList()
    say("templates", templates.joinToString { "${it.workflowTemplateName} (${it.workflowTemplateId})" })
    val template = templates.first { it.workflowTemplateName == "Payment reminder" }
    say("chosen", template.nodes.joinToString(" → ") { "${it.nodeName} (${it.nodeType})" })
    return template
}

/** Waits until the workflow has ended and tells how far it is. */
private suspend fun follow(
    client: AiRudder,
    workflowId: String,
): Workflow {
    var told = ""
    while (true) {
        val workflow = client.workflows.listAll().first { it.workflowId == workflowId }
        val progress = "${workflow.status}, ${workflow.finished} of ${workflow.total} contacts are through"
        if (progress != told) say("followed", progress)
        told = progress
        if (workflow.status == "finished") return workflow
        delay(200.milliseconds)
    }
}

private suspend fun checkContacts(
    client: AiRudder,
    workflow: Workflow,
) {
    check(workflow.total == statuses.size.toLong() && workflow.finished == workflow.total, "everybody is through")
    for ((contact, status) in statuses) {
        val calls = calls(client, workflow.workflowId.orEmpty(), contact)
        val told =
            calls.joinToString(", then ") { call ->
                call.status +
                    if (call.recording != null) " (${call.talkDuration} s, recorded)" else ""
            }
        say("called", "${contact.name()}: $told")
        check(calls.lastOrNull()?.status == status, "${contact.name()} is told as $status")
        check(calls.all { (it.status == "answered") == (it.recording != null) }, "answered calls have a recording, and no others")
        check(calls.size == if (contact == dewi) 2 else 1, "${contact.name()} is called as often as needed")
    }
}

private suspend fun checkEvents(workflow: Workflow) {
    while (toldContacts.size < statuses.size || "finished" !in toldStatuses) delay(50.milliseconds)
    for ((contact, status) in statuses) {
        val call = toldCalls.values.singleOrNull { it.callee == contact.callee && it.status == status }
        check(call?.workflowId == workflow.workflowId, "workflow.call_finished tells that ${contact.name()} is told as $status")
        val steps = toldContacts[contact.caseId]?.rows.orEmpty()
        say("events", "${contact.name()} went through ${steps.joinToString { it.nodetaskName.orEmpty() }}")
        check(steps.isNotEmpty(), "workflow.contact_finished tells the steps of ${contact.name()}")
    }
    say("status", toldStatuses.joinToString(", then "))
}

private suspend fun calls(
    client: AiRudder,
    workflowId: String,
    contact: WorkflowContact,
): List<WorkflowCall> =
    client.workflows
        .findCalls(callee = contact.callee, workflowId = workflowId)
        .calls

private fun contact(
    callee: String,
    caseId: String,
    name: String,
) = WorkflowContact(callee, variables = mapOf("callee_name" to name), caseId = caseId)

private fun WorkflowContact.name() = variables.orEmpty()["callee_name"].orEmpty()
