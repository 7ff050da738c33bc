#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using enum model::FindingType;
using enum Framework;

constexpr FixRow kRustRows[] = {
    // -- Diesel
    {kNPlusOneSql, kRustDiesel,
     "Load the children of all parents with `belonging_to` and sort them out with `grouped_by`, two queries in all; or join "
     "with "
     "`.inner_join()` or `.left_join()`.",
     "https://docs.diesel.rs/master/diesel/associations/index.html"},
    {kRedundantSql, kRustDiesel,
     "Keep the result in the process with the moka crate, or for one request in a `OnceCell` among the extensions of axum or "
     "actix-web.",
     "https://github.com/moka-rs/moka"},
    {kSlowSql, kRustDiesel,
     "Print the statement with `diesel::debug_query`, run `EXPLAIN ANALYZE` on it and add the index. A narrow `.select((col_a, "
     "col_b))` "
     "can be answered by the index alone.",
     "https://docs.diesel.rs/master/diesel/fn.debug_query.html"},

    // -- SeaORM
    {kNPlusOneSql, kRustSeaOrm,
     "Fetch related entities in one query with `Entity::find().find_with_related(...)` or `.find_also_related(...)`, or write "
     "the join with "
     "`QuerySelect::join()`.",
     "https://www.sea-ql.org/SeaORM/docs/relation/select-related/"},
    {kRedundantSql, kRustSeaOrm,
     "Keep the result in the process with the moka crate, or in a `OnceCell` held by the state of the handler.",
     "https://github.com/moka-rs/moka"},
    {kSlowSql, kRustSeaOrm,
     "Catch the statement through the SQL logger, run `EXPLAIN ANALYZE` on it and add the index. Read a partial model with "
     "`.select_only().column(...)`.",
     "https://www.sea-ql.org/SeaORM/docs/index/"},

    // -- any Rust
    {kNPlusOneHttp, kRustGeneric,
     "Await the calls together with `tokio::join!` or `futures::future::join_all`; when they all follow from one input, ask "
     "one batch "
     "endpoint.",
     "https://tokio.rs/tokio/tutorial"},
    {kRedundantHttp, kRustGeneric,
     "Remember the response for the request in a `OnceCell` or a small moka cache; concurrent callers can wait for one "
     "`futures::future::Shared`.",
     "https://github.com/moka-rs/moka"},
    {kSlowSql, kRustGeneric,
     "Read the plan with `EXPLAIN ANALYZE`, add a composite index over the `WHERE` and `ORDER BY` columns, and filter before "
     "joining.",
     "https://www.postgresql.org/docs/current/using-explain.html"},
    {kSlowHttp, kRustGeneric,
     "Set a timeout on each request (reqwest, hyper or surf), put a tower layer with a circuit breaker around the client, and "
     "cache with "
     "moka where slightly old data will do.",
     "https://github.com/tower-rs/tower"},
    {kExcessiveFanout, kRustGeneric,
     "Ask one batch endpoint, or bound the stream: `futures::stream::iter(...).buffer_unordered(N)`, with "
     "`tower::ConcurrencyLimit` on the "
     "client as the hard ceiling.",
     "https://github.com/rust-lang/futures-rs"},
    {kChattyService, kRustGeneric,
     "Offer one bulk endpoint or a streaming RPC (tonic). Until then await the calls with `futures::future::join_all` and "
     "cache by key with "
     "moka.",
     "https://github.com/hyperium/tonic"},
    {kPoolSaturation, kRustGeneric,
     "Look at the `slow_sql` findings first. Afterwards raise `max_connections` in the `PoolOptions` of sqlx, or the limit of "
     "the deadpool.",
     "https://github.com/launchbadge/sqlx"},
    {kSerializedCalls, kRustGeneric,
     "Each `.await` waits for its call. Join independent futures with `tokio::join!(f1, f2, ...)` or "
     "`futures::future::join_all(iter)`, and "
     "with `try_join!` when one failure should stop the rest.",
     "https://tokio.rs/tokio/tutorial"},
};

}  // namespace

constinit const std::span<const FixRow> kRustFixes = kRustRows;

}  // namespace sentinel::detect
