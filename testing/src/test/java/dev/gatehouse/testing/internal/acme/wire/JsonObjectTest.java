package dev.gatehouse.testing.internal.acme.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonObjectTest {

    @Test
    void readsMembersOfEachType() throws ProblemException {
        JsonObject json = JsonObject.parse("""
                {"text": "a", "flag": true, "number": 4, "time": "2030-01-31T12:00:00+01:00",
                 "names": ["a", "b"], "object": {"inner": "x"}, "objects": [{}, {}], "nothing": null}
                """, "Payload");

        assertThat(json.requireString("text")).isEqualTo("a");
        assertThat(json.flag("flag")).isTrue();
        assertThat(json.flag("missing")).isFalse();
        assertThat(json.integer("number")).isEqualTo(4);
        assertThat(json.time("time")).isEqualTo(Instant.parse("2030-01-31T11:00:00Z"));
        assertThat(json.strings("names")).isEqualTo(List.of("a", "b"));
        assertThat(json.requireObject("object").string("inner")).isEqualTo("x");
        assertThat(json.requireObjects("objects")).hasSize(2);
        assertThat(json.has("nothing")).isFalse();
        assertThat(json.string("nothing")).isNull();
    }

    @Test
    void namesTheMemberThatIsWrong() throws ProblemException {
        JsonObject json = JsonObject.parse(
                "{\"text\": 1, \"time\": \"now\", \"names\": [1], \"objects\": [1], \"object\": {\"x\": 1}}",
                "Payload");

        assertThatThrownBy(() -> json.string("text"))
                .hasMessage("Payload: member 'text' has the wrong type. Send a string.");
        assertThatThrownBy(() -> json.requireString("other")).hasMessage("Payload: member 'other' is missing. Add it.");
        assertThatThrownBy(() -> json.time("time"))
                .hasMessageContaining("'now'")
                .hasMessageContaining("RFC 3339");
        assertThatThrownBy(() -> json.strings("names")).hasMessageContaining("array of strings");
        assertThatThrownBy(() -> json.requireObjects("objects")).hasMessageContaining("array of objects");
        assertThatThrownBy(() -> json.requireObject("object").string("x"))
                .hasMessageStartingWith("Payload.object: member 'x'");
    }

    @Test
    void refusesNumbersThatDoNotFit() throws ProblemException {
        JsonObject json = JsonObject.parse("{\"large\": 99999999999999999999, \"broken\": 1.5}", "Payload");

        assertThatThrownBy(() -> json.integer("large")).hasMessageContaining("Send an integer");
        assertThatThrownBy(() -> json.integer("broken")).hasMessageContaining("Send an integer");
    }

    @Test
    void refusesAnyBytesThatAreNotAnObject() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String valid = "{\"a\":[1,2.5e3,true,null,\"\\u0041\"],\"b\":{\"c\":\"d\"}}";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder bent = new StringBuilder(valid);
            for (int change = 0; change < 3; change++) {
                bent.setCharAt(random.nextInt(bent.length()), (char) random.nextInt(round % 2 == 0 ? 128 : 65536));
            }
            try {
                assertThat(JsonObject.parse(bent.toString(), "Payload").members())
                        .isNotNull();
            } catch (ProblemException refused) {
                assertThat(refused.problem().type()).isEqualTo(ProblemType.MALFORMED);
            } catch (Throwable unexpected) {
                throw new AssertionError("seed " + seed + ": " + bent, unexpected);
            }
        }
    }
}
