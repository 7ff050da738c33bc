#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using enum model::FindingType;
using enum Framework;

constexpr FixRow kPythonRows[] = {
    // -- Django
    {kNPlusOneSql, kPythonDjango,
     "Load the relation with the queryset: `select_related()` for foreign keys, `prefetch_related()` for reverse and "
     "many-to-many ones.",
     "https://docs.djangoproject.com/en/5.2/ref/models/querysets/#select-related"},
    {kRedundantSql, kPythonDjango,
     "Cache the view with `@cache_page` or the value with `cache.get` and `set`, or keep it in a variable for the request.",
     "https://docs.djangoproject.com/en/5.2/topics/cache/"},
    {kSlowSql, kPythonDjango,
     "Take the statement from `connection.queries` or django-debug-toolbar and run `EXPLAIN ANALYZE` on it. Index the field "
     "with "
     "`db_index=True`, and fetch fewer columns with `.only()` or `.defer()`.",
     "https://docs.djangoproject.com/en/5.2/ref/models/options/#indexes"},

    // -- SQLAlchemy
    {kNPlusOneSql, kPythonSqlalchemy,
     "Ask for the relation in the query options, `joinedload()` or `subqueryload()`, or write the `join()` out.",
     "https://docs.sqlalchemy.org/en/21/orm/queryguide/relationships.html#joined-eager-loading"},
    {kRedundantSql, kPythonSqlalchemy,
     "Cache the read with dogpile.cache or memoize it in the scoped session. A row looked up twice by its key costs nothing "
     "when it goes "
     "through the session's identity map.",
     "https://docs.sqlalchemy.org/en/21/orm/session_basics.html#is-the-session-a-cache"},
    {kSlowSql, kPythonSqlalchemy,
     "Show the statement with `echo=True` and run `EXPLAIN ANALYZE` on it. Add an `Index()` to the table metadata, and narrow "
     "the result "
     "with `.with_only_columns()`.",
     "https://docs.sqlalchemy.org/en/21/core/metadata.html#sqlalchemy.schema.Index"},

    // -- any Python
    {kNPlusOneHttp, kPythonGeneric,
     "Run the calls together with `asyncio.gather()`, or `concurrent.futures.ThreadPoolExecutor` in synchronous code. When "
     "they all follow "
     "from one input, ask one batch endpoint.",
     "https://docs.python.org/3/library/asyncio-task.html#asyncio.gather"},
    {kRedundantHttp, kPythonGeneric,
     "Remember responses for the length of the request: `functools.lru_cache` on a function made per request, an async "
     "equivalent in "
     "coroutines, `@cache_page` on a Django view.",
     "https://docs.python.org/3/library/functools.html#functools.lru_cache"},
    {kSlowSql, kPythonGeneric,
     "Read the plan with `EXPLAIN ANALYZE`, index the `WHERE` and `ORDER BY` columns, and put the selective predicate first.",
     "https://www.postgresql.org/docs/current/using-explain.html"},
    {kSlowHttp, kPythonGeneric,
     "Set a timeout on every httpx or aiohttp request, retry with exponential backoff (tenacity), and cache with dogpile.cache "
     "where "
     "slightly old data will do.",
     "https://docs.python.org/3/library/asyncio-task.html#asyncio.wait_for"},
    {kExcessiveFanout, kPythonGeneric,
     "Prefer one batch endpoint; otherwise hold the fan-out in with an `asyncio.Semaphore` or a pool of fixed size.",
     "https://docs.python.org/3/library/asyncio-sync.html#asyncio.Semaphore"},
    {kChattyService, kPythonGeneric,
     "Offer one bulk endpoint, or run the calls through `asyncio.gather` with a dogpile.cache by key; better still, move the "
     "orchestration "
     "to the caller's side.",
     "https://docs.python.org/3/library/asyncio-task.html#asyncio.gather"},
    {kPoolSaturation, kPythonGeneric,
     "Look at the `slow_sql` findings first. Then tune `pool_size` in SQLAlchemy's `create_engine`, or `CONN_MAX_AGE` in "
     "Django.",
     "https://docs.sqlalchemy.org/en/21/core/engines.html#sqlalchemy.create_engine.params.pool_size"},
    {kSerializedCalls, kPythonGeneric,
     "Await independent calls together: `asyncio.gather(t1, t2, ...)`, or a `concurrent.futures.ThreadPoolExecutor` in "
     "synchronous code. "
     "Stay serial only where a call needs the result of another.",
     "https://docs.python.org/3/library/asyncio-task.html#asyncio.gather"},
};

}  // namespace

constinit const std::span<const FixRow> kPythonFixes = kPythonRows;

}  // namespace sentinel::detect
