package io.ringbus.engine.support;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import java.nio.ByteBuffer;

/** A second immutable event. */
public record Note(long id) implements Numbered {

    public static final EventType<Note> TYPE = EventType.named("note", Note.class).codec(new Codec());

    /** Eight bytes. */
    public static final class Codec implements EventCodec<Note> {

        @Override
        public void encode(Note event, ByteBuffer target) {
            target.putLong(event.id);
        }

        @Override
        public Note decode(ByteBuffer source, int version, Note reuse) {
            return new Note(source.getLong());
        }
    }
}
