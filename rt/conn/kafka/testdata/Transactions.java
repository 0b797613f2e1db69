import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

// Writes to a topic in transactions, or prints what Java's consumer sees of
// it: "write SERVERS TOPIC PARTITIONS" or "read SERVERS TOPIC ISOLATION N".
public class Transactions {
    public static void main(String[] args) throws Exception {
        if (args[0].equals("write")) {
            write(args[1], args[2], Integer.parseInt(args[3]));
        } else {
            read(args[1], args[2], args[3]);
        }
    }

    // Two producers take turns with committed and aborted transactions of
    // several sizes over all partitions; a third leaves one open.
    static void write(String servers, String topic, int partitions) throws Exception {
        Random random = new Random(42);
        List<Producer<String, String>> producers = new ArrayList<>();
        for (String id : List.of("a", "b")) {
            producers.add(producer(servers, topic + id));
        }
        for (int round = 0; round < 30; round++) {
            for (Producer<String, String> p : producers) {
                p.beginTransaction();
            }
            boolean[] abort = {random.nextInt(3) == 0, random.nextInt(3) == 0};
            for (int i = 0; i < 1 + random.nextInt(40); i++) {
                int who = random.nextInt(2);
                String fate = abort[who] ? "aborted" : "committed";
                producers.get(who).send(new ProducerRecord<>(topic, random.nextInt(partitions), "k" + i, fate + "-" + round + "-" + who + "-" + i));
                if (random.nextInt(4) == 0) {
                    producers.get(who).flush();
                }
            }
            for (int who = 0; who < 2; who++) {
                if (abort[who]) {
                    producers.get(who).abortTransaction();
                } else {
                    producers.get(who).commitTransaction();
                }
            }
        }
        Producer<String, String> open = producer(servers, topic + "open");
        open.beginTransaction();
        long stable = open.send(new ProducerRecord<>(topic, 0, "k", "open-0")).get().offset();
        for (int i = 1; i < 10; i++) {
            open.send(new ProducerRecord<>(topic, 0, "k", "open-" + i));
        }
        open.flush();
        producers.get(0).beginTransaction();
        for (int p = 0; p < partitions; p++) {
            producers.get(0).send(new ProducerRecord<>(topic, p, "k", "committed-last-" + p));
        }
        producers.get(0).commitTransaction();
        // The broker writes the markers of a commit after it has answered.
        for (int p = 0; p < partitions; p++) {
            while (end(servers, topic, p, "read_committed") != (p == 0 ? stable : end(servers, topic, p, "read_uncommitted"))) {
                Thread.sleep(20);
            }
        }
        Runtime.getRuntime().halt(0); // the open transaction stays open
    }

    static Producer<String, String> producer(String servers, String id) {
        Properties p = new Properties();
        p.put("bootstrap.servers", servers);
        p.put("transactional.id", id);
        p.put("transaction.timeout.ms", "600000");
        p.put("linger.ms", "5");
        Producer<String, String> producer = new KafkaProducer<>(p, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    static long end(String servers, String topic, int partition, String isolation) {
        try (KafkaConsumer<String, String> c = consumer(servers, isolation)) {
            TopicPartition tp = new TopicPartition(topic, partition);
            return c.endOffsets(List.of(tp)).get(tp);
        }
    }

    static KafkaConsumer<String, String> consumer(String servers, String isolation) {
        Properties p = new Properties();
        p.put("bootstrap.servers", servers);
        p.put("isolation.level", isolation);
        return new KafkaConsumer<>(p, new StringDeserializer(), new StringDeserializer());
    }

    static void read(String servers, String topic, String isolation) {
        try (KafkaConsumer<String, String> c = consumer(servers, isolation)) {
            List<TopicPartition> all = new ArrayList<>();
            c.partitionsFor(topic).forEach(i -> all.add(new TopicPartition(topic, i.partition())));
            c.assign(all);
            c.seekToBeginning(all);
            Map<TopicPartition, Long> ends = c.endOffsets(all);
            while (all.stream().anyMatch(tp -> c.position(tp) < ends.get(tp))) {
                for (ConsumerRecord<String, String> r : c.poll(Duration.ofMillis(100))) {
                    System.out.println("record " + r.partition() + " " + r.offset() + " " + (r.value() == null ? "NULL" : r.value()));
                }
            }
            for (TopicPartition tp : all) {
                System.out.println("position " + tp.partition() + " " + c.position(tp));
            }
        }
    }
}
