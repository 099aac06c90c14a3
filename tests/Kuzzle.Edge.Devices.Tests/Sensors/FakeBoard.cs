using System.Threading.Channels;
using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.Binding;
using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.I2c;
using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.I2c.Registers;
using Kuzzle.Edge.Hardware.Iio;
using Kuzzle.Edge.Hardware.Pwm;
using Kuzzle.Edge.Hardware.Scanning;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

/// <summary>A board with one line of each direction and one PWM output; it remembers what they were set to.</summary>
internal sealed class FakeBoard : IBoard, IGpio, IPwm, IBoardScanner
{
    private static readonly GpioLineInfo LineInfo = new("gpiochip0", 17, "GPIO17", null, false, false, false, GpioBias.AsIs);

    private readonly Lock _gate = new();
    private readonly List<double> _written = [];

    public IReadOnlyList<double> Written
    {
        get
        {
            lock (_gate) return [.. _written];
        }
    }

    public Channel<GpioEdge> EdgesOfLine { get; } = Channel.CreateUnbounded<GpioEdge>();

    public bool Level { get; set; }

    public string? WriteFault { get; set; }

    public string? ReadFault { get; set; }

    public IGpio Gpio => this;

    public II2c I2c => throw new NotSupportedException();

    public IPwm Pwm => this;

    public IChipBinder Binder => throw new NotSupportedException();

    public IBoardScanner Scanner => this;

    public Outcome<IChip> OpenChip(string name, int bus, int address, ChipSettings settings) => Outcome<IChip>.Failed(HardwareFaultKind.NotFound, $"There is no bus {bus}.");

    public Outcome<IChip> OpenChip(RegisterMap map, int bus, int address) => Outcome<IChip>.Failed(HardwareFaultKind.NotFound, $"There is no bus {bus}.");

    public Outcome<IGpio> OpenExpander(int bus, int address) => Outcome<IGpio>.Of(this);

    /// <summary>What the next captures give, in their order; without one there is no device.</summary>
    public Queue<IReadOnlyList<IioScan>>? Captured { get; init; }

    public IioCaptureRequest? CaptureRequest { get; private set; }

    public Outcome<IIioCapture> OpenCapture(IioCaptureRequest request)
    {
        CaptureRequest = request;
        return Captured is null ? Outcome<IIioCapture>.Failed(HardwareFaultKind.NotFound, "There is no device.") : Outcome<IIioCapture>.Of(new Recorded(Captured));
    }

    public IReadOnlyList<GpioChipInfo> ListChips() => [new GpioChipInfo("gpiochip0", "fake", [LineInfo], null)];

    IReadOnlyList<PwmChip> IPwm.ListChips() => [new PwmChip("pwmchip0", "fake.pwm", 1)];

    public Outcome<IGpioInput> OpenInput(GpioInputRequest request) => Outcome<IGpioInput>.Of(new Input(this));

    public Outcome<IGpioOutput> OpenOutput(GpioOutputRequest request)
    {
        Write(request.InitialValue ? 1 : 0);
        return Outcome<IGpioOutput>.Of(new Output(this, request.SafeValue ?? false));
    }

    public Outcome<IPwmChannel> Open(PwmRequest request)
    {
        Write(request.InitialDuty);
        return Outcome<IPwmChannel>.Of(new Pulse(this, request));
    }

    /// <summary>What a scan waits for, as a driver that hangs would make it.</summary>
    public ManualResetEventSlim Answers { get; } = new(initialState: true);

    public BoardScan Scan(ScanRequest request)
    {
        Answers.Wait();
        return new BoardScan([], [], [], [], ListChips(), [], [new PwmChip("pwmchip0", "fake.pwm", 1)]);
    }

    public void Dispose() => Answers.Dispose();

    private void Write(double value)
    {
        lock (_gate) _written.Add(value);
    }

    private sealed class Recorded(Queue<IReadOnlyList<IioScan>> captured) : IIioCapture
    {
        public string Description => "recorded";

        public IReadOnlyList<ChipChannel> Channels => [];

        public Outcome<IReadOnlyList<IioScan>> Read(TimeSpan timeout) => captured.TryDequeue(out var scans)
            ? Outcome<IReadOnlyList<IioScan>>.Of(scans)
            : new HardwareFault(HardwareFaultKind.TimedOut, "No sample.");

        public void Dispose() => captured.Clear();
    }

    private sealed class Input(FakeBoard board) : IGpioInput
    {
        public GpioLineInfo Line => LineInfo;

        public ChannelReader<GpioEdge> Edges => board.EdgesOfLine.Reader;

        public EdgeCount Count => new(42, 0, 0, 0);

        public Outcome<bool> Read() => board.ReadFault is { } fault ? new HardwareFault(HardwareFaultKind.Failed, fault) : board.Level;

        public HardwareFault? Reconfigure(GpioInputRequest request) => null;

        public void Dispose() => board.EdgesOfLine.Writer.TryComplete();
    }

    private sealed class Output(FakeBoard board, bool safe) : IGpioOutput
    {
        public GpioLineInfo Line => LineInfo;

        public Outcome<bool> Read() => board.Written[^1] != 0;

        public HardwareFault? Write(bool active)
        {
            if (board.WriteFault is { } fault) return new HardwareFault(HardwareFaultKind.Failed, fault);
            board.Write(active ? 1 : 0);
            return null;
        }

        public void Dispose() => board.Write(safe ? 1 : 0);
    }

    private sealed class Pulse(FakeBoard board, PwmRequest request) : IPwmChannel
    {
        public string Description => "output 0 of pwmchip0";

        public double Duty => board.Written[^1];

        public TimeSpan Period => request.Period;

        public HardwareFault? SetDuty(double duty)
        {
            board.Write(duty);
            return null;
        }

        public HardwareFault? SetPeriod(TimeSpan period) => null;

        public void Dispose() => board.Write(request.SafeDuty ?? 0);
    }
}
