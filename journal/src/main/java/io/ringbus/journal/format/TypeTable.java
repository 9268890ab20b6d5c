package io.ringbus.journal.format;

import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.event.EventType;
import java.util.ArrayList;
import java.util.List;

/** All type definitions of a journal, by id. Not thread-safe. */
public final class TypeTable {

    private static final int MAX_TYPES = 65_536;

    private final List<TypeDefinition> definitions = new ArrayList<>();

    /**
     * Begins with what is known.
     *
     * @param known definitions
     */
    public TypeTable(List<TypeDefinition> known) {
        merge(known);
    }

    /**
     * Finds or adds a definition for each registered type.
     *
     * @param types the registered types
     * @return their ids, by index
     */
    public int[] register(List<EventType<?>> types) {
        int[] ids = new int[types.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = idOf(types.get(i));
        }
        return ids;
    }

    /**
     * Adds definitions that are not known yet.
     *
     * @param more definitions
     */
    public void merge(List<TypeDefinition> more) {
        for (TypeDefinition definition : more) {
            while (definitions.size() <= definition.id()) {
                definitions.add(null);
            }
            definitions.set(definition.id(), definition);
        }
    }

    /**
     * Looks a definition up.
     *
     * @param id the id that a frame carries
     * @return the definition, or null when it is not known
     */
    public TypeDefinition get(int id) {
        return id < definitions.size() ? definitions.get(id) : null;
    }

    /**
     * All definitions.
     *
     * @return by id
     */
    public List<TypeDefinition> definitions() {
        return definitions.stream().filter(definition -> definition != null).toList();
    }

    private int idOf(EventType<?> type) {
        for (TypeDefinition definition : definitions) {
            if (definition != null && definition.describes(type)) {
                return definition.id();
            }
        }
        int id = definitions.size();
        if (id == MAX_TYPES) {
            throw new InvalidConfigurationException("the journal knows as many type definitions as it can: type="
                    + type.name());
        }
        definitions.add(new TypeDefinition(id, type.name(), type.version(), type.fieldNames()));
        return id;
    }
}
