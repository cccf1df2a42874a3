// Plays what the official JavaScript SDK offers against the portal behind B24_HOOK; prints what came of it as JSON.
import { B24Hook } from '@bitrix24/b24jssdk'

const portal = B24Hook.fromWebhookUrl(process.env.B24_HOOK)
const { call, callList, fetchList, batch, batchByChunk } = portal.actions.v2

const result = async (method, params) => (await call.make({ method, params, requestId: method })).getData().result
const refusal = async (method, params) => {
  try {
    const answer = await call.make({ method, params, requestId: method })
    return [...answer.errors.values()].map((error) => error.code)[0] ?? 'none'
  } catch (error) {
    return error.code
  }
}

const lead = (await result('crm.item.add', { entityTypeId: 1, fields: { title: 'Нитки' } })).item
const list = { method: 'crm.item.list', params: { entityTypeId: 4, select: ['id', 'title'] }, idKey: 'id', customKeyForResult: 'items' }

const companies = (await callList.make({ ...list, requestId: 'list' })).getData()
let fetched = 0
for await (const chunk of fetchList.make({ ...list, requestId: 'fetch' })) fetched += chunk.length

const get = (id) => ['crm.item.get', { entityTypeId: 4, id }]
const pair = (await batch.make({ calls: [get(1), get(2)], options: { requestId: 'batch' } })).getData()
const named = (await batch.make({ calls: { first: get(1) }, options: { requestId: 'named' } })).getData()
const ids = Array.from({ length: 60 }, (_, place) => place + 1)
const chunks = (await batchByChunk.make({ calls: ids.map(get), options: { requestId: 'chunks' } })).getData()

console.log(JSON.stringify({
  title: lead.title,
  companies: companies.length,
  fetched,
  batch: pair.map((data) => data.item.title),
  named: (named.first ?? named.get?.('first')).item.title,
  chunks: chunks.length,
  missing: await refusal('crm.item.get', { entityTypeId: 1, id: 404 }),
  unknown: await refusal('crm.lead.convert', {}),
}))
portal.destroy()
