// One of two js-libp2p nodes of the gossip benchmark: commands on standard input, JSON lines on standard output.
//
//   expect N            -> {"event":"expecting"}, later {"event":"done","count","last","times"}
//   settle              all was sent: "done" comes at the latest when nothing has arrived for a while
//   saturate N SIZE     -> {"event":"sent","first","preparing","times"}
//   pace N SIZE RATE    -> the same
//
// Times are nanoseconds of the machine's monotonic clock, in order of sending and of arrival.

import './polyfill.mjs'
import { createHash, randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { gossipsub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

const TOPIC = 'incidentmesh/1/records'
const WINDOW = 64
const QUIET_MS = 10000
const { values: options } = parseArgs({ options: {
  policy: { type: 'string', default: 'StrictNoSign' },
  dial: { type: 'string', default: '' }
} })
const say = (event, rest = {}) => process.stdout.write(JSON.stringify({ event, ...rest }) + '\n')
const now = () => Number(process.hrtime.bigint())

const node = await createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: {
    identify: identify(),
    pubsub: gossipsub({
      globalSignaturePolicy: options.policy,
      allowPublishToZeroTopicPeers: true,
      scoreParams: { IPColocationFactorWeight: 0 },
      msgIdFn: message => new Uint8Array(createHash('sha256').update(message.data).digest())
    })
  }
})
const { pubsub } = node.services
let expected = 0
let times = []
let settling = Infinity

function finish () {
  say('done', { count: times.length, last: times.at(-1) ?? 0, times })
  expected = 0
}

pubsub.addEventListener('message', () => {
  times.push(now())
  if (times.length === expected) finish()
})
setInterval(() => {
  if (expected > 0 && now() - Math.max(settling, times.at(-1) ?? 0) > QUIET_MS * 1e6) finish()
}, 500).unref()

async function publish (count, size, rate) {
  const messages = Array.from({ length: count }, () => randomBytes(size))
  const sent = []
  const start = now()
  const running = new Set()
  for (let i = 0; i < count; i++) {
    if (rate > 0) {
      const wait = (start + i * 1e9 / rate - now()) / 1e6
      if (wait > 0) await sleep(wait)
    }
    sent.push(now())
    const one = pubsub.publish(TOPIC, messages[i]).finally(() => running.delete(one))
    running.add(one)
    if (running.size >= WINDOW) await Promise.race(running)
  }
  await Promise.all(running)
  say('sent', { first: sent[0], preparing: 0, times: sent })
}

pubsub.subscribe(TOPIC)
if (options.dial === '') {
  say('listening', { address: node.getMultiaddrs()[0].toString() })
} else {
  await node.dial(multiaddr(options.dial))
  while (pubsub.getMeshPeers(TOPIC).length === 0) await sleep(50)
  await sleep(1500)
  say('ready')
}
const lines = createInterface({ input: process.stdin })
lines.on('line', line => {
  const [word, ...numbers] = line.split(' ')
  if (word === 'expect') {
    times = []
    settling = Infinity
    expected = Number(numbers[0])
    say('expecting')
  } else if (word === 'settle') {
    settling = now()
  } else {
    publish(Number(numbers[0]), Number(numbers[1]), Number(numbers[2] ?? 0))
  }
})
lines.on('close', () => process.exit(0))
