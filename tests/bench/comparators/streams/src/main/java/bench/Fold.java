package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Folds entries into the last state of each subject: its fields, its version, its last entry. */
final class Fold extends ContextualProcessor<String, byte[], Void, Void> {
    static final String STORE = "subjects";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final AtomicLong done;
    private KeyValueStore<String, byte[]> subjects;

    Fold(AtomicLong done) {
        this.done = done;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        super.init(context);
        subjects = context.getStateStore(STORE);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        try {
            JsonNode entry = MAPPER.readTree(record.value());
            JsonNode event = entry.get("event");
            if (event != null) {
                String key = record.key() + '|' + event.get("subject").textValue();
                byte[] before = subjects.get(key);
                ObjectNode state = before == null ? MAPPER.createObjectNode() : (ObjectNode) MAPPER.readTree(before);
                JsonNode data = event.get("data");
                if (data != null) {
                    state.setAll((ObjectNode) data);
                }
                state.set("version", entry.get("version"));
                state.set("entry", entry.get("entry"));
                subjects.put(key, MAPPER.writeValueAsBytes(state));
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        done.incrementAndGet();
    }
}
