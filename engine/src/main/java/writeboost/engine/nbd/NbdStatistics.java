package writeboost.engine.nbd;

/**
 * What a server has done since it was made.
 *
 * @param clients connections past the handshake, now
 * @param clientsTotal connections that ever passed the handshake
 * @param refused connections that were turned away: wrong user, too many, broken or stalled handshake
 * @param requests requests taken
 * @param errors requests answered with an error
 * @param bytesRead payload asked for by READ
 * @param bytesWritten payload received with WRITE
 */
public record NbdStatistics(
        int clients, long clientsTotal, long refused, long requests, long errors, long bytesRead, long bytesWritten) {}
