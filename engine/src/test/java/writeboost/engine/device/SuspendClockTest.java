package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SuspendClockTest {
    private static LibC kernel(long awake, long all) {
        ScriptedKernel kernel = new ScriptedKernel();
        kernel.answer(awake, all);
        return kernel;
    }

    @Test
    void process8WhatTheClocksDifferByWasSleptThrough() {
        assertThat(SuspendClock.suspendedNs(kernel(100, 100))).isZero();
        assertThat(SuspendClock.suspendedNs(kernel(100, 7_000))).isEqualTo(6_900);
    }

    @Test
    void aKernelThatDoesNotTellHasNeverSlept() {
        assertThat(SuspendClock.suspendedNs(kernel(-22, 7_000))).isZero();
        assertThat(SuspendClock.suspendedNs(kernel(100, -22))).isZero();
        assertThat(SuspendClock.suspendedNs(null)).isZero();
    }

    @Test
    void theRealClocksGoOnTogetherWhileTheMachineIsAwake() {
        long before = SuspendClock.suspendedNs();
        assertThat(before).isNotNegative();
        LibC kernel = LibC.load();
        assertThat(kernel).isNotNull();
        long awake = kernel.clockNs(1);
        assertThat(awake).isPositive();
        assertThat(kernel.clockNs(7)).isGreaterThanOrEqualTo(awake);
    }
}
