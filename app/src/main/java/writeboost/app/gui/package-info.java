/** The window: views over {@link writeboost.app.gui.model}, in JavaFX. */
@NullMarked
package writeboost.app.gui;

import org.jspecify.annotations.NullMarked;
