package writeboost.app.cli;

import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import writeboost.app.config.Sizes;
import writeboost.app.control.Inspections;
import writeboost.engine.inspect.Finding;
import writeboost.engine.inspect.Verdict;

@Command(
        name = "verify",
        description = "Read all of a cache device (or an image of one) that counts, and compare it with its checksums."
                + " Nothing is written; the cache may be in use. Exit status 1 if anything is damaged.")
final class VerifyCommand extends ProgramCommand {
    private static final int BLOCK_BYTES = 4096;

    @Parameters(paramLabel = "PATH", description = "The cache device, or an image of one.")
    private String path = "";

    VerifyCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() throws IOException {
        Verdict verdict = askWithBar("Verifying " + path, progress -> Inspections.verify(path, progress));
        for (Finding finding : verdict.findings()) {
            say(finding.what());
        }
        if (verdict.damageFound() > verdict.findings().size()) {
            say("... and " + (verdict.damageFound() - verdict.findings().size()) + " more.");
        }
        verdict.notes().forEach(note -> say("Note: " + note));
        say(path + ": " + conclusion(verdict));
        return verdict.isSound() ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private static String conclusion(Verdict verdict) {
        String damage = "sound";
        if (!verdict.isSound()) {
            long lost = verdict.findings().stream()
                    .filter(f -> f.stake() == Finding.Stake.DATA)
                    .count();
            damage = "damaged in " + verdict.damageFound() + (verdict.damageFound() == 1 ? " place" : " places") + "; "
                    + (lost == 0 ? "no data is lost" : lost + " of them with data that is nowhere else");
        }
        return String.format(
                Locale.ROOT,
                "%s. %,d chunks with %,d data blocks (%s) were checked; %s waits for the disk.",
                damage,
                verdict.chunks(),
                verdict.dataBlocks(),
                Sizes.format(verdict.dataBlocks() * BLOCK_BYTES),
                verdict.dirtyBlocks() == 0 ? "nothing" : Sizes.format(verdict.dirtyBlocks() * BLOCK_BYTES));
    }
}
