/** What happens to a failed delivery: the policy, the back-off, the dead letter. */
package io.ringbus.engine.retry;
