import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Prints every deal that is won: fetch its libraries (pom.xml), then java -cp 'lib/*' Consumer.java. */
public class Consumer {
  public static void main(String[] args) throws Exception {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var kafka = System.getenv().getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:8090");
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", kafka, "group.id", "my-java-system", "auto.offset.reset", "earliest");
    var json = new ObjectMapper();
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(settings, bytes, bytes)) {
      consumer.subscribe(List.of("baton.customers.events"));
      while (true) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          JsonNode event = json.readTree(record.value());
          if (!event.path("type").asText().equals("deal-won.v1")) continue; // others, also of tomorrow
          JsonNode won = event.path("data"), amount = won.path("amount");
          out.printf(
              "%s %s %d %s%n",
              event.path("subject").asText(),
              won.path("title").asText(),
              amount.path("minor").asLong(),
              amount.path("currency").asText());
        }
      }
    }
  }
}
