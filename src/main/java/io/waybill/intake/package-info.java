/**
 * Files and messages become single order documents here, whatever they hold.
 *
 * <p>Start reading at {@link io.waybill.intake.OrderReader}: it cuts an input into orders in flat memory.
 * {@link io.waybill.intake.InboxFilter} decides which files of the inbox are ready to be read, and
 * {@link io.waybill.intake.InboxSweep} takes away those that never will be, so that nothing lies in the inbox unseen.
 * {@link io.waybill.intake.TakenFiles} shares the inbox among nodes, and {@link io.waybill.intake.Suspects} finds the file that
 * kills them.
 *
 * <p>Whoever drops a file is not trusted: no name becomes a path, no link is followed, nothing but a regular file is opened,
 * and no message repeats what the input said.
 */
package io.waybill.intake;
