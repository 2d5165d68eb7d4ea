// Jetstream, version 1, made from a firehose: WebSocket /subscribe with `wantedCollections`, `wantedDids`
// and `cursor`, and `options_update` messages; no compression. It keeps every event in memory.
import http from 'node:http'
import { WebSocketServer } from 'ws'
import { Firehose } from '@atproto/sync'
import { IdResolver } from '@atproto/identity'

const EVENTS_MAX = 100_000

const events = []
const subscribers = new Set()

// Microseconds since 1970, never the same twice: clients resume by them.
let lastTime = 0
const nextTime = () => {
  lastTime = Math.max(lastTime + 1, Date.now() * 1000)
  return lastTime
}

const wantsCollection = (wanted, collection) =>
  wanted.length === 0 ||
  wanted.some((one) => (one.endsWith('.*') ? collection.startsWith(one.slice(0, -1)) : one === collection))

// Identity and account events pass the filter by collection, as they do in Jetstream.
const wants = (subscriber, event) =>
  (event.kind !== 'commit' || wantsCollection(subscriber.collections, event.commit.collection)) &&
  (subscriber.dids.length === 0 || subscriber.dids.includes(event.did))

const emit = (event) => {
  events.push(event)
  if (events.length > EVENTS_MAX) events.shift()
  for (const subscriber of subscribers) {
    if (wants(subscriber, event)) subscriber.socket.send(JSON.stringify(event))
  }
}

const commitOf = (event) => {
  const commit = { rev: event.rev, operation: event.event, collection: event.collection, rkey: event.rkey }
  if (event.event === 'delete') return commit
  return { ...commit, record: JSON.parse(JSON.stringify(event.record)), cid: event.cid.toString() }
}

const onFirehoseEvent = async (event) => {
  const head = { did: event.did, time_us: nextTime() }
  if (['create', 'update', 'delete'].includes(event.event)) {
    emit({ ...head, kind: 'commit', commit: commitOf(event) })
  } else if (event.event === 'identity') {
    const { did, handle, seq, time } = event
    emit({ ...head, kind: 'identity', identity: { did, handle, seq, time } })
  } else if (event.event === 'account') {
    const { active, did, seq, time, status } = event
    emit({ ...head, kind: 'account', account: { active, did, seq, time, status } })
  }
}

const firehose = new Firehose({
  service: process.env.BENCH_FIREHOSE_URL,
  idResolver: new IdResolver({ plcUrl: process.env.BENCH_PLC_URL }),
  // Handles end in .test, which no outside resolver knows.
  unauthenticatedCommits: true,
  unauthenticatedHandles: true,
  getCursor: async () => 0,
  handleEvent: onFirehoseEvent,
  onError: (error) => console.error(error.message),
})
firehose.start()

const server = http.createServer((_request, response) => response.end('jetstream of the test bench\n'))
const sockets = new WebSocketServer({ server, path: '/subscribe' })

sockets.on('connection', (socket, request) => {
  const asked = new URL(request.url, 'http://localhost').searchParams
  const subscriber = { socket, collections: asked.getAll('wantedCollections'), dids: asked.getAll('wantedDids') }
  const cursor = asked.get('cursor')
  if (cursor !== null) {
    for (const event of events) {
      if (event.time_us >= Number(cursor) && wants(subscriber, event)) socket.send(JSON.stringify(event))
    }
  }
  subscribers.add(subscriber)
  socket.on('close', () => subscribers.delete(subscriber))
  socket.on('message', (text) => {
    const message = JSON.parse(text)
    if (message.type !== 'options_update') return
    subscriber.collections = message.payload.wantedCollections ?? []
    subscriber.dids = message.payload.wantedDids ?? []
  })
})

server.listen(Number(process.env.BENCH_JETSTREAM_PORT), '127.0.0.1')

process.on('SIGTERM', () => process.exit(0))
