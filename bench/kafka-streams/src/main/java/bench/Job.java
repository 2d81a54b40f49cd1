package bench;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueStore;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The job of bench/stream/job.py: where each deal stands, and what was won by day, person and line. */
final class Job {
    static final String DEALS = "deals", STANDING = "standing", WON_AMOUNT = "won_amount";

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final List<String> STAGES = List.of("prospecting", "engaging", "proposing", "negotiating");
    private static final int WON = STAGES.size(), LOST = WON + 1;
    private static final JsonMapper JSON = new JsonMapper();

    record Money(long minor, String currency) {}

    /** What a deal's event may say, as far as it matters here. */
    record Said(String stage, String owner, String line, Money amount, String occurred_at) {}

    /** A record's value. */
    record Event(String type, Said data) {}

    record Deal(int at, String owner, String line, long minor, String currency, String won_on) {
        static final Deal INITIAL = new Deal(0, "", "", 0, "", "");

        Deal evolve(Event event) {
            var said = event.data;
            return switch (event.type) {
                case "deal-opened.v1" ->
                    new Deal(
                        STAGES.indexOf(said.stage), said.owner, said.line,
                        said.amount.minor, said.amount.currency, "");
                case "deal-advanced.v1", "deal-reopened.v1" -> at(STAGES.indexOf(said.stage));
                case "deal-repriced.v1" -> new Deal(at, owner, line, said.amount.minor, currency, won_on);
                case "deal-reassigned.v1" -> new Deal(at, said.owner, line, minor, currency, won_on);
                case "deal-won.v1" -> new Deal(WON, owner, line, said.amount.minor, currency, day(said.occurred_at));
                case "deal-lost.v1" -> at(LOST);
                default -> this;
            };
        }

        private Deal at(int place) {
            return new Deal(place, owner, line, minor, currency, won_on);
        }

        private static String day(String moment) {
            return Instant.parse(moment).atZone(ZONE).toLocalDate().toString();
        }

        boolean opened() {
            return !owner.isEmpty();
        }

        boolean won() {
            return opened() && at == WON;
        }

        String cell() {
            return String.join("|", won_on, owner, line, currency);
        }
    }

    private final long events;
    private final AtomicLong taken = new AtomicLong();
    private final List<ProcessingContext> readers = new ArrayList<>();

    Job(long events) {
        this.events = events;
    }

    boolean allTaken() {
        return taken.get() >= events;
    }

    Topology topology(String topic) {
        var builder = new StreamsBuilder();
        KTable<String, Deal> deals = builder
            .stream(topic, Consumed.with(Serdes.String(), Serdes.ByteArray()))
            .processValues(Read::new)
            .groupByKey()
            .aggregate(
                () -> Deal.INITIAL,
                (stream, event, deal) -> deal.evolve(event),
                kept(DEALS, Serdes.String(), json(Deal.class)));
        deals
            .filter((stream, deal) -> deal.opened())
            .groupBy((stream, deal) -> KeyValue.pair(deal.at, 1), Grouped.with(Serdes.Integer(), Serdes.Integer()))
            .count(kept(STANDING, Serdes.Integer(), Serdes.Long()));
        deals
            .filter((stream, deal) -> deal.won())
            .groupBy(
                (stream, deal) -> KeyValue.pair(deal.cell(), deal.minor),
                Grouped.with(Serdes.String(), Serdes.Long()))
            .reduce(Long::sum, (sum, minor) -> sum - minor, kept(WON_AMOUNT, Serdes.String(), Serdes.Long()));
        return builder.build();
    }

    /** A record becomes its event. */
    private final class Read extends ContextualFixedKeyProcessor<String, byte[], Event> {
        private static final ObjectReader EVENT = JSON.readerFor(Event.class);

        @Override
        public void init(FixedKeyProcessorContext<String, Event> context) {
            super.init(context);
            readers.add(context);
        }

        @Override
        public void process(FixedKeyRecord<String, byte[]> record) {
            Event event = EVENT.readValue(record.value());
            // nobody needs the headers any more: without this they would be copied into the topics between the steps
            context().forward(record.withValue(event).withHeaders(new RecordHeaders()));
            // Nobody is to wait for `commit.interval.ms` at the end; all tasks are run by one thread, this one.
            if (taken.incrementAndGet() == events) readers.forEach(ProcessingContext::commit);
        }
    }

    private static <K, V> Materialized<K, V, KeyValueStore<Bytes, byte[]>> kept(
            String as, Serde<K> keys, Serde<V> values) {
        return Materialized.<K, V, KeyValueStore<Bytes, byte[]>>as(as).withKeySerde(keys).withValueSerde(values);
    }

    private static <T> Serde<T> json(Class<T> type) {
        ObjectReader reader = JSON.readerFor(type);
        ObjectWriter writer = JSON.writerFor(type);
        return Serdes.serdeFrom(
            (topic, value) -> value == null ? null : writer.writeValueAsBytes(value),
            (topic, bytes) -> bytes == null ? null : reader.readValue(bytes));
    }
}
