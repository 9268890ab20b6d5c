/** Random programs against the engine, and a sequential model that says what must have come of them. */
package io.ringbus.engine.program;
