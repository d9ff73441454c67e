package writeboost.app.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import writeboost.engine.cache.Progress;

/** A command. */
@Command(mixinStandardHelpOptions = true, versionProvider = ProgramVersion.class, sortOptions = false)
abstract class ProgramCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli fills it in before the command runs
    private CommandSpec spec;

    ProgramCommand(Context context) {
        this.context = context;
    }

    final Context context() {
        return context;
    }

    final Terminal terminal() {
        return context.terminal();
    }

    final void say(String line) {
        terminal().out().println(line);
    }

    /** Something that reports how far it is. */
    @FunctionalInterface
    interface LongAction {
        void run(Progress progress) throws IOException;
    }

    /** Runs it under a bar; a signal cancels it. */
    final void withBar(String title, LongAction action) throws IOException {
        try (ProgressBar bar = context.progressBar(title)) {
            action.run(context.interruption().over(bar));
            bar.done();
        }
    }

    /** Something that reports how far it is, and has a result. */
    @FunctionalInterface
    interface LongQuestion<T> {
        T ask(Progress progress) throws IOException;
    }

    /** Asks it under a bar; a signal cancels it. */
    final <T> T askWithBar(String title, LongQuestion<T> question) throws IOException {
        try (ProgressBar bar = context.progressBar(title)) {
            T answer = question.ask(context.interruption().over(bar));
            bar.done();
            return answer;
        }
    }

    /** Wrong usage, found after parsing. */
    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
