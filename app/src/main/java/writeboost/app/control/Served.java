package writeboost.app.control;

import java.util.List;

/**
 * A pair that has begun to serve.
 *
 * @param uris NBD URIs that reach it, the unix socket's first
 * @param sizeBytes of the disk
 */
public record Served(String name, List<String> uris, long sizeBytes) {}
