package io.ringbus.journal.format;

import io.ringbus.engine.event.EventType;
import java.util.List;

/**
 * What the journal knows of an event type. An id stands for one name, version and list of field names for ever.
 *
 * @param id         the id that frames carry, 0 to 65,535
 * @param name       the type's stable name
 * @param version    the type's version
 * @param fieldNames the record components' names in declaration order
 */
public record TypeDefinition(int id, String name, int version, List<String> fieldNames) {

    /**
     * Copies the names.
     *
     * @param id         the id that frames carry, 0 to 65,535
     * @param name       the type's stable name
     * @param version    the type's version
     * @param fieldNames the record components' names in declaration order
     */
    public TypeDefinition {
        fieldNames = List.copyOf(fieldNames);
    }

    /**
     * Whether events of a registered type are written under this definition.
     *
     * @param type a registered type
     * @return true when name, version and field names are the same
     */
    public boolean describes(EventType<?> type) {
        return name.equals(type.name()) && version == type.version() && fieldNames.equals(type.fieldNames());
    }
}
