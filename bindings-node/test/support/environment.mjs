// The tests say all that a client is to know; what the machine has set is for other programs.
for (const name of Object.keys(process.env)) {
  if (name.startsWith('AIRUDDER_') && !name.startsWith('AIRUDDER_CASE')) delete process.env[name];
}
