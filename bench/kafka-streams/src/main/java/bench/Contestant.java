package bench;

import static org.apache.kafka.streams.StoreQueryParameters.fromNameAndType;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import tools.jackson.databind.json.JsonMapper;

/** Does the job on a topic, and says on one line how long it took: [--tuned] BOOTSTRAP TOPIC EVENTS FOLDER. */
public final class Contestant {
    private static final OperatingSystemMXBean PROCESS =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final long POLL_MS = 20;

    private record Clock(long wall, long cpu) {
        static Clock started() {
            return new Clock(System.nanoTime(), PROCESS.getProcessCpuTime());
        }
    }

    public static void main(String[] argv) throws Exception {
        var asked = new ArrayList<>(List.of(argv));
        boolean tuned = asked.remove("--tuned");
        String bootstrap = asked.get(0), topic = asked.get(1);
        long events = Long.parseLong(asked.get(2));
        var folder = Path.of(asked.get(3));

        var job = new Job(events);
        var settings = settings(bootstrap, folder, tuned);
        var streams = new KafkaStreams(job.topology(topic), settings);
        // From RUNNING on: group, internal topics and stores are there, and no record has been processed yet.
        var running = new CompletableFuture<Clock>();
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) running.complete(Clock.started());
        });
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
            return null;
        });
        streams.start();
        Clock clock = running.get();
        Map<String, Long> answer;
        try (var admin = Admin.create(settings)) {
            var group = settings.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
            var given = given(streams);
            var between = given.stream().filter(partition -> !partition.topic().equals(topic)).toList();
            given.removeAll(between);
            // What the first step has committed is in the topics between the steps already.
            await(() -> job.allTaken() && committed(admin, group, given) == events);
            long ends = ends(admin, between);
            await(() -> processed(streams) == events + ends);
            answer = answer(streams);
            streams.close();  // commits what the second step came to
            if (committed(admin, group, between) != ends) throw new IllegalStateException("not all is committed");
        }
        var told = Map.of(
            "seconds", (System.nanoTime() - clock.wall) / 1e9,
            "cpu_seconds", (PROCESS.getProcessCpuTime() - clock.cpu) / 1e9,
            "peak_mb", peakMb(),
            "answer", answer);
        // "events" first: by it the line is known among whatever else is printed
        System.out.println("{\"events\": " + events + ", " + new JsonMapper().writeValueAsString(told).substring(1));
    }

    private static Properties settings(String bootstrap, Path folder, boolean tuned) {
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, folder.getFileName().toString());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        if (tuned) {
            // One thread (the default) fits one core; a commit every 30 s (the default) lets the cache merge most.
            settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 256L << 20);
            settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 10_000);
            settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 10_000);
            settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
            settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        }
        return settings;
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) Thread.sleep(POLL_MS);
    }

    /** The partitions that are read: of the deals, and of the topics between the steps. */
    private static Set<TopicPartition> given(KafkaStreams streams) {
        return streams.metadataForLocalThreads().stream()
            .flatMap(thread -> thread.activeTasks().stream())
            .flatMap(task -> task.topicPartitions().stream())
            .collect(Collectors.toSet());
    }

    private static long committed(Admin admin, String group, Collection<TopicPartition> of) throws Exception {
        var offsets = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        return of.stream().map(offsets::get).filter(Objects::nonNull).mapToLong(OffsetAndMetadata::offset).sum();
    }

    private static long ends(Admin admin, Collection<TopicPartition> of) throws Exception {
        var latest = of.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(latest).all().get().values().stream().mapToLong(ListOffsetsResultInfo::offset).sum();
    }

    /** How many records both steps together have processed. */
    private static long processed(KafkaStreams streams) {
        return streams.metrics().values().stream()
            .filter(metric -> metric.metricName().group().equals("stream-thread-metrics"))
            .filter(metric -> metric.metricName().name().equals("process-total"))
            .mapToLong(metric -> ((Double) metric.metricValue()).longValue())
            .sum();
    }

    /** How many deals stand where, and how much was won in all. */
    private static Map<String, Long> answer(KafkaStreams streams) {
        var found = new TreeMap<String, Long>();
        var standing = streams.store(fromNameAndType(Job.STANDING, QueryableStoreTypes.<Integer, Long>keyValueStore()));
        var won = streams.store(fromNameAndType(Job.WON_AMOUNT, QueryableStoreTypes.<String, Long>keyValueStore()));
        try (var cells = standing.all()) {
            cells.forEachRemaining(cell -> found.merge("standing " + cell.key, cell.value, Long::sum));
        }
        try (var cells = won.all()) {
            cells.forEachRemaining(cell -> found.merge("won_amount", cell.value, Long::sum));
        }
        found.values().removeIf(value -> value == 0);
        return found;
    }

    private static double peakMb() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            var line = lines.filter(it -> it.startsWith("VmHWM:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
        }
    }
}
