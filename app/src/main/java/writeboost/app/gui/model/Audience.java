package writeboost.app.gui.model;

import writeboost.engine.cache.SegmentMap;

/** Who looks at a {@link WindowModel}. Called on its threads; must return at once. */
public interface Audience {
    /** Everything but tape and chart has changed. */
    void onBoard(Board board);

    /** A newer picture of the log. */
    void onMap(SegmentMap map);

    /** A newer chart. */
    void onChart(ChartViewModel chart);
}
