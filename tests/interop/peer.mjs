// A js-libp2p peer, driven by JSON lines: commands on standard input, events on standard output.
//
//   {"do":"dial","address":"/ip4/..."}            -> {"event":"dialled","peer":"12D3KooW..."}
//   {"do":"ping","peer":"12D3KooW..."}            -> {"event":"pong","ms":0.4}
//   {"do":"echo","peer":"...","bytes":8388608}    -> {"event":"echoed","bytes":8388608,"equal":true}
//   {"do":"publish","data":"<base64>"}            -> {"event":"published","recipients":1}
//   {"do":"connections","peer":"..."}             -> {"event":"connections","open":1}
//   {"do":"stop"}
//
// A command that fails is answered by {"event":"failed","do":...,"error":...}. The end of standard input stops the peer.
import './polyfill.mjs'
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { gossipsub } from '@libp2p/gossipsub'
import { identify, identifyPush } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { peerIdFromString } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

const ECHO = '/incidentmesh/echo/1.0.0'

const { values: options } = parseArgs({
  options: {
    topic: { type: 'string', multiple: true, default: ['incidentmesh/1/records', 'incidentmesh/1/identity'] },
    degree: { type: 'string', default: '' }, // 0: never in a mesh, so that messages travel by IHAVE and IWANT alone
    flood: { type: 'string', default: 'true' },
    seconds: { type: 'string', default: '120' } // a hard end, whatever happens to the driver
  }
})

const say = (event, fields = {}) => process.stdout.write(JSON.stringify({ event, ...fields }) + '\n')
const sha256 = bytes => createHash('sha256').update(bytes).digest()

const gossip = {
  allowPublishToZeroTopicPeers: true,
  emitSelf: false,
  floodPublish: options.flood === 'true',
  globalSignaturePolicy: 'StrictNoSign',
  msgIdFn: message => sha256(message.data),
  scoreParams: { IPColocationFactorWeight: 0 }
}
if (options.degree !== '') {
  const degree = Number(options.degree)
  Object.assign(gossip, { D: degree, Dlo: degree, Dhi: degree, Dout: 0 })
}

const node = await createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  connectionEncrypters: [noise()],
  connectionManager: { inboundConnectionThreshold: 1000, maxIncomingPendingConnections: 100 },
  services: { identify: identify(), identifyPush: identifyPush(), ping: ping(), pubsub: gossipsub(gossip) },
  streamMuxers: [yamux()],
  transports: [tcp()]
})

const pubsub = node.services.pubsub
node.addEventListener('connection:open', e => say('connected', {
  peer: e.detail.remotePeer.toString(), muxer: e.detail.multiplexer, encryption: e.detail.encryption
}))
node.addEventListener('connection:close', e => say('disconnected', { peer: e.detail.remotePeer.toString() }))
node.addEventListener('peer:identify', e => say('identified', {
  peer: e.detail.peerId.toString(),
  agent: e.detail.agentVersion,
  protocolVersion: e.detail.protocolVersion,
  protocols: e.detail.protocols,
  addresses: e.detail.listenAddrs.map(String),
  observed: e.detail.observedAddr?.toString(),
  signedRecord: e.detail.signedPeerRecord?.addresses.map(String)
}))
node.addEventListener('peer:update', e => say('updated', {
  peer: e.detail.peer.id.toString(), protocols: e.detail.peer.protocols
}))
pubsub.addEventListener('subscription-change', e => say('subscriptions', {
  peer: e.detail.peerId.toString(), topics: e.detail.subscriptions.filter(s => s.subscribe).map(s => s.topic)
}))
pubsub.addEventListener('gossipsub:graft', e => say('graft', { peer: e.detail.peerId, topic: e.detail.topic }))
pubsub.addEventListener('gossipsub:prune', e => say('prune', { peer: e.detail.peerId, topic: e.detail.topic }))
pubsub.addEventListener('message', e => {
  if (options.topic.includes(e.detail.topic)) {
    const { topic, type, data } = e.detail
    say('message', { topic, type, data: Buffer.from(data).toString('base64') })
  }
})

await node.handle(ECHO, async stream => {
  try {
    for await (const piece of stream) {
      if (!stream.send(piece.subarray())) await stream.onDrain()
    }
    await stream.close()
  } catch (error) {
    say('failed', { do: 'answer-echo', error: String(error) })
  }
})

async function echo (peer, length) {
  const sent = new Uint8Array(length).map((_, i) => (i * 31 + (i >> 8)) & 255)
  const stream = await node.dialProtocol(peerIdFromString(peer), ECHO)
  const reading = (async () => {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const piece of stream) {
      const array = piece.subarray()
      hash.update(array)
      bytes += array.length
    }
    return { bytes, digest: hash.digest('hex') }
  })()
  for (let at = 0; at < length; at += 65536) {
    if (!stream.send(sent.subarray(at, Math.min(length, at + 65536)))) await stream.onDrain()
  }
  await stream.close()
  const { bytes, digest } = await reading
  say('echoed', { bytes, equal: digest === sha256(sent).toString('hex') })
}

async function run (command) {
  switch (command.do) {
    case 'dial': {
      const connection = await node.dial(multiaddr(command.address))
      return say('dialled', { peer: connection.remotePeer.toString() })
    }
    case 'ping':
      return say('pong', { ms: await node.services.ping.ping(peerIdFromString(command.peer)) })
    case 'echo':
      return echo(command.peer, command.bytes)
    case 'publish': {
      const { recipients } = await pubsub.publish(options.topic[0], Buffer.from(command.data, 'base64'))
      return say('published', { recipients: recipients.length })
    }
    case 'connections':
      return say('connections', { open: node.getConnections(peerIdFromString(command.peer)).length })
    case 'stop':
      return stop()
    default:
      throw new Error('unknown command')
  }
}

async function stop () {
  await Promise.race([node.stop(), new Promise(resolve => setTimeout(resolve, 2000))])
  process.exit(0)
}

options.topic.forEach(topic => pubsub.subscribe(topic))
say('listening', { peer: node.peerId.toString(), addresses: node.getMultiaddrs().map(String) })
setTimeout(() => process.exit(3), Number(options.seconds) * 1000)

const lines = createInterface({ input: process.stdin })
lines.on('line', line => {
  const command = JSON.parse(line)
  run(command).catch(error => say('failed', { do: command.do, error: String(error), causes: error.errors?.map(String) }))
})
lines.on('close', stop)
