// A workflow, from its template to finished contacts: choose a template, create a workflow, add a contact and take another one out while it runs,
// receive its events, follow it until everybody is through, and read the calls and their recordings. Run it against the emulator:
//
//     AIRUDDER_BASE_URL=http://127.0.0.1:8181 AIRUDDER_ENCRYPTION_KEY=airudderredduria node workflow.mjs

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'airudder';
import { check, masked, receiveEvents, say, signal } from './story.mjs';

// The emulator goes by the last digits of a number: these people answer, do not answer, and answer the second call.
const contacts = [
  { callee: '+6281230000001', caseId: 'case-1', variables: { callee_name: 'Budi', due_date: '2026-11-30' } },
  { callee: '+6281230000002', caseId: 'case-2', variables: { callee_name: 'Sari' } },
  { callee: '+6281230000005', caseId: 'case-3', variables: { callee_name: 'Wayan' } },
];
const added = { callee: '+6281230010001', caseId: 'case-4', variables: { callee_name: 'Dewi' } };
const takenOut = '+6281230000005';
/** How the last call to each number ends. */
const statuses = {
  '+6281230000001': 'answered',
  '+6281230000002': 'no_answer',
  [takenOut]: 'no_answer',
  '+6281230010001': 'answered',
};

/** What the events told, by number. The same event may come again: kept by its number, it counts once. */
const told = {
  /** @type {Map<string | undefined, import('airudder').WorkflowCall>} */
  calls: new Map(),
  /** @type {Map<string | undefined, import('airudder').WorkflowContactFinished>} */
  contacts: new Map(),
  /** @type {(string | undefined)[]} */
  statuses: [],
};

const client = new Client();
const receiver = await receiveEvents(client, keep);
const folder = await mkdtemp(join(tmpdir(), 'airudder-workflow-'));
try {
  await story();
} finally {
  receiver.close();
  await rm(folder, { recursive: true });
}

async function story() {
  const template = await chooseTemplate();
  const { workflowId } = await client.workflows.create(
    {
      workflowTemplateId: template.workflowTemplateId ?? 0,
      name: 'Reminders from Node',
      endTime: new Date(Date.now() + 24 * 3_600_000),
      // It ends by itself when everybody is through.
      autoFinish: 1,
      details: contacts,
    },
    { signal },
  );
  say('created', `workflow ${workflowId} with ${contacts.length} contacts`);

  await client.workflows.addContacts({ workflowId, details: [added] }, { signal });
  await client.workflows.cancelContact({ workflowId, callee: takenOut }, { signal });
  say('changed', `${masked(added.callee)} came in, ${masked(takenOut)} is out after the call under way`);

  const workflow = await follow(workflowId);
  check(workflow.total === 4 && workflow.finished === 4, 'every contact is through');
  await checkEvents(workflowId);
  await checkCalls(workflowId);
}

async function chooseTemplate() {
  // Pages are fetched while they are walked through; the rest of them stays where it is.
  for await (const template of client.workflows.templatesAll({ size: 2 }, { signal })) {
    if (template.workflowTemplateName !== 'Payment reminder') continue;
    const nodes = template.nodes.map((node) => `${node.nodeName} (${node.nodeType})`).join(', ');
    say('template', `${template.workflowTemplateName}: ${nodes}`);
    return template;
  }
  throw new Error('there is no template for payment reminders');
}

/** Waits until the workflow has ended and tells how far it is. @param {string} workflowId */
async function follow(workflowId) {
  for (let last; ; await setTimeout(200, undefined, { signal })) {
    const workflow = await find(workflowId);
    const progress = `${workflow.status}, ${workflow.finished} of ${workflow.total} contacts are through`;
    if (progress !== last) say('followed', progress);
    last = progress;
    if (workflow.status === 'finished') return workflow;
  }
}

/** @param {string} workflowId */
async function find(workflowId) {
  for await (const workflow of client.workflows.listAll({}, { signal })) {
    if (workflow.workflowId === workflowId) return workflow;
  }
  throw new Error('the list lacks the workflow');
}

/** @param {import('airudder').AiRudderEvent} event */
function keep(event) {
  switch (event.kind) {
    case 'workflow.call_finished':
      say(event.kind, `${masked(event.data.callee)} ${event.data.status} in ${event.data.nodetaskName}`);
      told.calls.set(event.data.callee, event.data);
      break;
    case 'workflow.contact_finished': {
      const nodes = event.data.rows.map((row) => row.nodetaskName).join(', ');
      say(event.kind, `${masked(event.data.calleeNumber)} went through ${nodes}`);
      told.contacts.set(event.data.calleeNumber, event.data);
      break;
    }
    case 'workflow.status':
      say(event.kind, `${event.data.status}`);
      told.statuses.push(event.data.status);
      break;
    default:
      check(event.kind === 'workflow.api_push', `${event.kind} belongs to this workflow`);
  }
}

/** @param {string} workflowId */
async function checkEvents(workflowId) {
  const numbers = Object.keys(statuses);
  const isAllTold = () =>
    told.statuses.includes('finished') && told.calls.size >= numbers.length && told.contacts.size >= numbers.length;
  while (!isAllTold()) await setTimeout(50, undefined, { signal });
  const all = [...told.calls.values(), ...told.contacts.values()];
  check(
    all.every((data) => data.workflowId === workflowId),
    'all events tell the workflow',
  );
  check(told.statuses[0] === 'running' && told.statuses.at(-1) === 'finished', 'it began before it finished');
  for (const [number, status] of Object.entries(statuses)) {
    check(told.calls.get(number)?.status === status, `the call to ${masked(number)} ended as ${status}`);
    check(told.contacts.has(number), `${masked(number)} is through`);
  }
  const steps = (/** @type {string} */ number) => told.contacts.get(number)?.rows.length ?? 0;
  check(steps(takenOut) < steps('+6281230000002'), 'who was taken out got no second call');
  check(receiver.inClear === 0, 'every event was encrypted');
}

/** @param {string} workflowId */
async function checkCalls(workflowId) {
  for (const [callee, status] of Object.entries(statuses)) {
    const { calls } = await client.workflows.findCalls({ workflowId, callee }, { signal });
    for (const call of calls) {
      const talk = call.recording ? `, ${call.talkDuration} s, recorded` : '';
      say('call', `${masked(callee)} ${call.status} in ${call.nodetaskName}${talk}`);
    }
    const last = calls.at(-1);
    check(last?.status === status, `the last call to ${masked(callee)} ended as ${status}`);
    check(Boolean(last?.recording) === (status === 'answered'), 'who answered was recorded');
  }
  const [callee] = Object.keys(statuses);
  if (callee === undefined) return;
  const files = await client.workflows.numberRecordings({ workflowId, callee, folder }, { signal });
  say('recordings', files.map((file) => `${file.bytes} bytes of ${file.contentType}`).join(', '));
  check(files.length === 1 && files.every((file) => file.bytes > 0), 'there is a recording to listen to');
}
