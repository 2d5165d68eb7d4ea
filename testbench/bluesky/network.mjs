// Starts the whole network and prints one line `READY {…}` with its addresses; ends on SIGTERM.
import { TestNetwork, mockMailer } from '@atproto/dev-env'

const port = (name) => Number(process.env[`BENCH_${name}_PORT`])

const network = await TestNetwork.create({
  dbPostgresSchema: process.env.DB_POSTGRES_SCHEMA,
  plc: { port: port('PLC') },
  pds: { port: port('PDS'), hostname: 'localhost', enableDidDocWithSession: true },
  bsky: { port: port('APPVIEW'), publicUrl: `http://localhost:${port('APPVIEW')}` },
  // The moderation views are refreshed rarely: nothing here reads them.
  ozone: { port: port('OZONE'), dbMaterializedViewRefreshIntervalMs: 30_000 },
  introspect: { port: port('INTROSPECT') },
})
mockMailer(network.pds)

console.log('READY', JSON.stringify({ plc: network.plc.url, pds: network.pds.url, appview: network.bsky.url }))

process.on('SIGTERM', async () => {
  await network.close()
  process.exit(0)
})
