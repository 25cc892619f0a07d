package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * Folds a topic with Kafka Streams, exactly once, state in RocksDB. Arguments: bootstrap servers, topic, records in it, rounds.
 *
 * <p>Each round is an application of its own that folds the whole topic and commits; the first warms the virtual machine up. A
 * line on standard output says when the first record of a round is there, and when all of it is folded and committed.
 */
public final class Main {
    private static final int LOOK_AGAIN_MS = 5;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        String kafka = arguments[0];
        String topic = arguments[1];
        long records = Long.parseLong(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        Path folder = Files.createTempDirectory("bench-streams");
        for (int round = 0; round < rounds; round++) {
            fold(kafka, topic, records, topic + ".bench-streams-" + ProcessHandle.current().pid() + "-" + round, folder);
        }
    }

    private static void fold(String kafka, String topic, long records, String name, Path folder) throws Exception {
        AtomicLong done = new AtomicLong();
        Topology topology = new Topology();
        topology.addSource("ledger", Serdes.String().deserializer(), Serdes.ByteArray().deserializer(), topic);
        topology.addProcessor("fold", () -> new Fold(done), "ledger");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(Fold.STORE), Serdes.String(), Serdes.ByteArray())
                        .withCachingEnabled(),
                "fold");
        KafkaStreams streams = new KafkaStreams(topology, settings(kafka, name, folder));
        streams.start();
        waitFor(done, 1, streams);
        say("begin", done);
        waitFor(done, records, streams);
        streams.close();
        say("end", done);
        streams.cleanUp();
        forget(kafka, name);
    }

    private static void say(String what, AtomicLong done) {
        double cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
        System.out.println("{\"what\": \"" + what + "\", \"done\": " + done.get() + ", \"cpu\": " + cpu + "}");
    }

    private static Properties settings(String kafka, String name, Path folder) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64L * 1024 * 1024);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5000);
        return settings;
    }

    private static void waitFor(AtomicLong done, long wanted, KafkaStreams streams) throws InterruptedException {
        while (done.get() < wanted) {
            if (streams.state() == KafkaStreams.State.ERROR) {
                throw new IllegalStateException("Kafka Streams failed.");
            }
            Thread.sleep(LOOK_AGAIN_MS);
        }
    }

    /** Remove the topics that the application made for its state. */
    private static void forget(String kafka, String name) throws Exception {
        try (Admin admin = Admin.create(Map.of(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
            List<String> made = admin.listTopics().names().get().stream().filter(topic -> topic.startsWith(name)).toList();
            admin.deleteTopics(made).all().get();
        }
    }
}
