#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using enum model::FindingType;
using enum Framework;

constexpr FixRow kRows[] = {
    {kNPlusOneMessaging, kKafka,
     "Let the producer batch: neither `flush()` nor wait for the future of `send()` after each record, and tune `linger.ms` "
     "and "
     "`batch.size`.",
     "https://docs.confluent.io/platform/current/installation/configuration/producer-configs.html"},
    {kSlowMessaging, kKafka,
     "`send().get()` waits for every record: send without waiting and let `linger.ms` spread the cost over a batch. `acks=all` "
     "buys "
     "durability with latency; decide whether this topic needs it.",
     "https://docs.confluent.io/platform/current/installation/configuration/producer-configs.html"},
    {kNPlusOneMessaging, kRabbitmq,
     "Publish the loop on one channel and wait for the confirms once at its end, or put the items into one message.",
     "https://www.rabbitmq.com/docs/confirms"},
    {kSlowMessaging, kRabbitmq,
     "Handle publisher confirms asynchronously or a batch at a time. Check the broker's memory and disk alarms too: they hold "
     "publishers "
     "back.",
     "https://www.rabbitmq.com/docs/confirms"},
    {kNPlusOneMessaging, kAwsSqs,
     "Replace `SendMessage` in the loop by `SendMessageBatch`, which takes up to 10 messages a request.",
     "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html"},
    {kSlowMessaging, kAwsSqs,
     "Each `SendMessage` is an HTTPS round trip: reuse one SDK client and send with `SendMessageBatch`. Retries after "
     "throttling also look "
     "like slow publishes.",
     "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html"},
    {kNPlusOneMessaging, kPulsar,
     "Switch on `enableBatching` in the producer, set `batchingMaxPublishDelay` and `batchingMaxMessages`, and publish with "
     "`sendAsync`.",
     "https://pulsar.apache.org/docs/concepts-messaging/"},
    {kSlowMessaging, kPulsar,
     "Publish with `sendAsync` and batching instead of `send`. Watch the pending queue: with `blockIfQueueFull` even an "
     "asynchronous send "
     "waits.",
     "https://pulsar.apache.org/docs/concepts-messaging/"},
    {kNPlusOneMessaging, kNats,
     "Publish asynchronously (JetStream) and await the acknowledgements once after the loop, or put the items into one "
     "message.",
     ""},
    {kSlowMessaging, kNats,
     "A synchronous JetStream publish waits until the stream's quorum has acknowledged: publish asynchronously and await a "
     "batch of "
     "acknowledgements together.",
     ""},
    {kNPlusOneMessaging, kJms, "Use a transacted session and commit once after the loop.",
     "https://docs.oracle.com/javaee/7/tutorial/jms-concepts004.htm"},
    {kSlowMessaging, kJms,
     "Persistent delivery syncs to disk for every message: send a batch in one transaction, and choose non-persistent delivery "
     "only where "
     "losing a message is acceptable.",
     "https://docs.oracle.com/javaee/7/tutorial/jms-concepts004.htm"},
};

}  // namespace

constinit const std::span<const FixRow> kBrokerFixes = kRows;

}  // namespace sentinel::detect
