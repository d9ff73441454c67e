/** What the window shows and does, without a toolkit: view models over {@link writeboost.app.control.CacheService}. */
@NullMarked
package writeboost.app.gui.model;

import org.jspecify.annotations.NullMarked;
