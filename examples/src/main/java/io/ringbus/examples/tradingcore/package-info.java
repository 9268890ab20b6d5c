/**
 * A trading core on a journaled engine: order messages in; risk gate, order book, strategy and gateways behind one
 * another; kill it at any instant, start it again, and it carries on where it was.
 *
 * <pre>
 * Main ──> Options           the command line
 *   └────> Run               one run, from recovery to summary
 *            ├─ OrderSource ──> OrderMessageReader ──> OrderMessage    the input, one event a line
 *            ├─ TradingCore                                            the wiring; start reading here
 *            │    ├─ 10 Intake, RiskGate
 *            │    ├─ 20 BookStage ──> OrderBook, TopsFile; publishes TopChanged
 *            │    ├─ 30 Strategy publishes OrderRequest; OrderTally
 *            │    └─ 40 DropCopy, OrderGateway ──> Gateway ──> AcceptedFile
 *            └─ Summary      for people and as JSON
 * </pre>
 */
package io.ringbus.examples.tradingcore;
