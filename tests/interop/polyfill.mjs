// libp2p 3 calls Promise.withResolvers, which Node has from version 22 on; this lets it run on Node 20.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new this((fulfil, refuse) => { resolve = fulfil; reject = refuse })
  return { promise, resolve, reject }
}
