// Prints OPEN, then one JSON line [kind, at-uri] for each post made, changed or deleted on the stream.
// Arguments: address, and optionally the cursor from which the past is told again.
import { Jetstream } from '@skyware/jetstream'

const kinds = { create: 'post', update: 'edit', delete: 'delete' }
const collection = 'app.bsky.feed.post'
const [, , endpoint, cursor] = process.argv
const jetstream = new Jetstream({ endpoint, wantedCollections: [collection], cursor: cursor && Number(cursor) })

jetstream.on('open', () => console.log('OPEN'))
jetstream.on('error', (error) => console.error(error.message))
jetstream.on('commit', ({ did, commit }) => {
  console.log(JSON.stringify([kinds[commit.operation], `at://${did}/${collection}/${commit.rkey}`]))
})
jetstream.start()
