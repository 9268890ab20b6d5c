package io.ringbus.engine;

import io.ringbus.engine.retry.DriveAgainReport.Refused;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stage.DeadLetters.Held;
import io.ringbus.engine.stage.DeadLetters.Stock;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Where dead letters are: in a running engine, or in a journal at rest. */
interface LetterSource {

    /**
     * Does a piece of work on dead letters, one after the other; the other methods are called from within it.
     *
     * @param call the caller's name for it
     * @param work what to do
     * @return what the work returned
     * @throws io.ringbus.engine.error.EngineStateException where it cannot be done now
     */
    <T> T inTurn(String call, Supplier<T> work);

    /** All that are dead now. */
    Stock stock();

    /** A letter with what is known of its event without reading the journal. */
    Letter letterOf(Held held);

    /** The same letters, with the events that were missing and are in the journal. */
    List<Letter> withEvents(List<Letter> letters);

    /** Why a letter, of which the event was looked for, cannot be driven again; null when it can. */
    String refusal(Letter letter);

    /**
     * Notes acts in the outcome log, for good when it returns, and lets them take their course. A letter that is not
     * dead any more is left alone; one that can no longer be driven again stays dead.
     *
     * @param acts  what is to be done
     * @param stock where the letters were found
     * @return what came of it
     */
    Done carryOut(List<Act> acts, Stock stock);

    /**
     * What is to be done with a letter.
     *
     * @param letter  the letter
     * @param outcome how it is noted
     */
    record Act(Letter letter, Outcome outcome) {
    }

    /**
     * What came of acts.
     *
     * @param acts    those that had an effect
     * @param refused those letters that could be driven again when that was planned, and no longer when it was done
     */
    record Done(List<Act> acts, List<Refused> refused) {

        /** Of the acts that were tried, those that the recorder says had an effect, in their order. */
        static Done of(List<Act> tried, List<Boolean> effects, List<Refused> refused) {
            return new Done(IntStream.range(0, tried.size()).filter(effects::get).mapToObj(tried::get).toList(),
                    refused);
        }
    }
}
