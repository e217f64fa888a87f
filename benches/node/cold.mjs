// What it takes to load a library and make a client in a new process: `cold.mjs NAME` prints the most memory that it took, in kilobytes.

const clients = {
  bare: () => undefined,
  airudder: async () => new (await import('airudder')).Client({ appKey: 'key', appSecret: 'secret' }),
  stripe: async () => new (await import('stripe')).default('sk_test_key'),
  twilio: async () => (await import('twilio')).default('ACkey', 'secret'),
};

await clients[process.argv[2]]();
process.stdout.write(`${process.resourceUsage().maxRSS}\n`);
