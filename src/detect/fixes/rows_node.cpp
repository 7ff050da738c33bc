#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using enum model::FindingType;
using enum Framework;

constexpr FixRow kNodeRows[] = {
    // -- Prisma
    {kNPlusOneSql, kNodePrisma,
     "Load the relation with `include:{}`, or replace the repeated `findUnique()` by one `findMany()` over the ids (`WHERE id "
     "IN`).",
     "https://www.prisma.io/docs/orm/prisma-client/queries/relation-queries"},
    {kRedundantSql, kNodePrisma,
     "Remember results for the request in a `Map`, or write a Prisma client extension that memoizes by model and arguments.",
     "https://www.prisma.io/docs/orm/prisma-client/client-extensions"},
    {kSlowSql, kNodePrisma,
     "Switch on query logging and run `EXPLAIN ANALYZE` on the statement. Add an `@@index` in `schema.prisma` and read fewer "
     "columns with "
     "`.select()`.",
     "https://www.prisma.io/docs/orm/prisma-schema/data-model/indexes"},

    // -- any Node
    {kNPlusOneSql, kNodeGeneric,
     "Fetch all rows in one query, with a `JOIN` or `WHERE id IN ($1, $2, ...)`. The pg client binds an array: "
     "`ANY($1::int[])`.",
     "https://node-postgres.com/features/queries"},
    {kRedundantSql, kNodeGeneric,
     "Cache with node-cache, or for one request in a `Map` kept in the request locals of Express or Fastify; p-memoize makes "
     "concurrent "
     "duplicates wait for one query.",
     "https://github.com/node-cache/node-cache"},
    {kNPlusOneHttp, kNodeGeneric, "Await independent calls together with `Promise.all`, or ask one batch endpoint.",
     "https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/Promise/all"},
    {kRedundantHttp, kNodeGeneric,
     "Memoize the call for the request (p-memoize, or a `Map` by URL). Store the Promise itself, so that concurrent callers "
     "share the one "
     "on its way.",
     "https://github.com/sindresorhus/p-memoize"},
    {kSlowSql, kNodeGeneric,
     "Read the plan with `EXPLAIN ANALYZE` and add a composite index over the `WHERE` and `ORDER BY` columns.",
     "https://www.postgresql.org/docs/current/using-explain.html"},
    {kSlowHttp, kNodeGeneric,
     "Abort late calls with an `AbortController` driven by `setTimeout`, break the circuit with opossum, and cache with "
     "node-cache where "
     "slightly old data will do.",
     "https://nodeshift.dev/opossum/"},
    {kExcessiveFanout, kNodeGeneric, "Prefer one batch endpoint; otherwise cap how many calls run at once with p-limit.",
     "https://github.com/sindresorhus/p-limit"},
    {kChattyService, kNodeGeneric,
     "Offer one bulk endpoint, or await the calls together with `Promise.all` and remember answers by key in a `Map`. In "
     "GraphQL a "
     "DataLoader batches them for you.",
     "https://github.com/graphql/dataloader"},
    {kPoolSaturation, kNodeGeneric,
     "Look at the `slow_sql` findings first. Afterwards raise `max` of the pg Pool: `new Pool({ max: N })`.",
     "https://node-postgres.com/apis/pool"},
    {kSerializedCalls, kNodeGeneric,
     "Await independent calls together: `Promise.all([p1, p2, ...])`. Stay serial only where a call needs the result of "
     "another.",
     "https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/Promise/all"},
};

}  // namespace

constinit const std::span<const FixRow> kNodeFixes = kNodeRows;

}  // namespace sentinel::detect
