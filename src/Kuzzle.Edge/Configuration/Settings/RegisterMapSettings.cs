using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Hardware.I2c.Registers;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>How a chip on an I2C bus is read.</summary>
internal static class RegisterMapSettings
{
    private static readonly RegisterNumberType Byte = new(0, 0xFF);

    private static readonly ListType<long> ByteList = new("a list of bytes, such as [\"0x24\", 0]", Byte);

    private static readonly DurationType Wait = Types.Duration(TimeSpan.Zero, TimeSpan.FromSeconds(10));

    public static readonly Setting<string> Name = new("name", Types.Text, null, "Its name; alone, that of a chip that this program knows: `aht20`, `ina219` …");

    public static readonly Setting<IReadOnlyList<long>> Write = new("write", ByteList, null, "Sends these bytes.");

    public static readonly Setting<bool> MayFail = new("mayFail", Types.Flag, false, "With `write`: it does not matter whether the chip acknowledges.");

    public static readonly Setting<TimeSpan> Pause = new("wait", Wait, TimeSpan.Zero, "Waits while the chip is busy.") { HasNoDefault = true };

    public static readonly Setting<IReadOnlyList<long>> Read = new("read", ByteList, null, "Sends these bytes (a command, a register's number, or none), and reads `length` bytes.");

    public static readonly Setting<IReadOnlyList<long>> Poll = new("poll", ByteList, null, "As `read`, again and again, until the bits of `mask` are `ready`.");

    public static readonly Setting<int> Length = new("length", Types.Integer(1, 255), 2, "How many bytes are read, checksums not counted.");

    public static readonly Setting<TimeSpan> Delay = new("delay", Wait, TimeSpan.Zero, "With `read`: how long the chip converts between the command and the read.");

    public static readonly Setting<long> CrcPolynomial = new("crc.polynomial", Byte, 0x31, "The checksum's polynomial without its leading bit.");

    public static readonly Setting<long> CrcInit = new("crc.init", Byte, 0xFF, "What the checksum begins with.") { HasNoDefault = true };

    public static readonly Setting<int> CrcWord = new("crc.word", Types.Integer(1, 255), 2, "After how many bytes a checksum follows.");

    public static readonly Setting<long> PollMask = new("mask", new RegisterNumberType(1, 0xFFFF_FFFF), 0xFF, "With `poll`: the bits that count, the most significant byte first.");

    public static readonly Setting<long> PollReady = new("ready", new RegisterNumberType(0, 0xFFFF_FFFF), 0, "With `poll`: what those bits are when it is ready; absent for \"not all zero\".") { HasNoDefault = true };

    public static readonly Setting<TimeSpan> PollInterval = new("interval", Wait, TimeSpan.FromMilliseconds(10), "With `poll`: the pause between two looks.");

    public static readonly Setting<TimeSpan> PollTimeout = new("timeout", Wait, TimeSpan.FromSeconds(1), "With `poll`: after how long it is given up.");

    private static readonly SettingSchema Step = new(
        [Write, MayFail, Pause, Read, Poll, Length, Delay, CrcPolynomial, CrcInit, CrcWord, PollMask, PollReady, PollInterval, PollTimeout], []);

    public static readonly Setting<IReadOnlyList<SettingValues>> Init = new("init", new GroupListType(Step), [], "What is done once, and again after a fault.");

    public static readonly Setting<IReadOnlyList<SettingValues>> Measure = new(
        "measure", new GroupListType(Step), [], "What is done for each measurement; its reads give the bytes that the fields lie in. Absent: the `register` of each field is read.");

    public static readonly Setting<string> FieldName = new("name", Types.DeviceName, null, "The channel's name.") { IsRequired = true };

    public static readonly Setting<string> FieldKind = new("kind", Types.Text, "value", "What is measured: `temperature`, `voltage` …");

    public static readonly Setting<string> FieldUnit = new("unit", Types.Text, null, "The unit of the value. Absent: a bare number.");

    public static readonly Setting<long> FieldRegister = new("register", Byte, 0, "The register it is in, where nothing else is needed to read it.") { HasNoDefault = true };

    public static readonly Setting<int> FieldRead = new("read", Types.Integer(0, 255), 0, "Which of the reads of `measure` it lies in, from 0.");

    public static readonly Setting<int> FieldPosition = new("position", Types.Integer(0, 254), 0, "Where its first byte is in that read.");

    public static readonly Setting<int> FieldWidth = new("width", Types.Integer(1, 8), 2, "How many bytes it has.");

    public static readonly Setting<ByteOrder> FieldOrder = new(
        "order", new ChoiceType<ByteOrder>(("big", ByteOrder.BigEndian), ("little", ByteOrder.LittleEndian)), ByteOrder.BigEndian, "Which end of it comes first.");

    public static readonly Setting<long> FieldMask = new("mask", new RegisterNumberType(1, long.MaxValue), long.MaxValue, "The bits that count, before the shift.") { HasNoDefault = true };

    public static readonly Setting<int> FieldShift = new("shift", Types.Integer(0, 63), 0, "How far they are shifted to the right.");

    public static readonly Setting<bool> FieldSigned = new("signed", Types.Flag, false, "Whether it is a two's complement.");

    public static readonly Setting<double> FieldScale = new("scale", Types.Number, 1, "What the number is multiplied with to get the unit.");

    public static readonly Setting<double> FieldOffset = new("offset", Types.Number, 0, "What is added after that.");

    public static readonly Setting<double> FieldNoValue = new("noValue", Types.Number, 0, "A number, after mask and shift, that means \"no value yet\".") { HasNoDefault = true };

    public static readonly Setting<double> FieldLeast = new("least", Types.Number, 0, "The least value that can be true; a smaller one becomes this one.") { HasNoDefault = true };

    public static readonly Setting<double> FieldGreatest = new("greatest", Types.Number, 0, "The greatest value that can be true; a greater one becomes this one.") { HasNoDefault = true };

    private static readonly SettingSchema Field = new(
        [
            FieldName, FieldKind, FieldUnit, FieldRegister, FieldRead, FieldPosition, FieldWidth, FieldOrder, FieldMask, FieldShift, FieldSigned, FieldScale, FieldOffset, FieldNoValue,
            FieldLeast, FieldGreatest,
        ],
        []);

    public static readonly Setting<IReadOnlyList<SettingValues>> Fields = new("fields", new GroupListType(Field), [], "Where the values lie.");

    public static readonly Setting<TimeSpan> MinInterval = new(
        "minInterval", Types.Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), TimeSpan.Zero, "The pause between measurements that the chip needs; within it the last values are given again.");

    public static SettingSchema Schema { get; } = new([Name, Init, Measure, Fields, MinInterval], []);

    /// <summary>Whether a name is all there is: that of a chip the program knows.</summary>
    public static bool IsNameOnly(SettingValues map) => map.IsWritten(Name) && !map.IsWritten(Init) && !map.IsWritten(Measure) && !map.IsWritten(Fields) && !map.IsWritten(MinInterval);

    /// <summary>The map that was written. A step that does nothing, or two things at once, is a fault.</summary>
    public static RegisterMap Map(SettingValues map, string name, List<ConfigurationFault> faults)
    {
        var fields = map.Get(Fields);
        var measure = map.Get(Measure).Select(step => StepOf(step, faults)).OfType<RegisterStep>().ToList();
        var read = new List<RegisterField>();
        foreach (var field in fields)
        {
            if (!field.IsWritten(FieldRegister))
            {
                read.Add(FieldOf(field, field.Get(FieldRead)));
                continue;
            }

            read.Add(FieldOf(field, measure.OfType<ReadStep>().Count()));
            measure.Add(new ReadStep { Command = [(byte)field.Get(FieldRegister)], Length = field.Get(FieldPosition) + field.Get(FieldWidth) });
        }

        return new RegisterMap
        {
            Name = map.Find(Name) ?? name,
            Init = [.. map.Get(Init).Select(step => StepOf(step, faults)).OfType<RegisterStep>()],
            Measure = measure,
            Fields = read,
            MinInterval = map.Get(MinInterval),
        };
    }

    private static RegisterStep? StepOf(SettingValues step, List<ConfigurationFault> faults)
    {
        if (((Setting[])[Write, Pause, Read, Poll]).Count(step.IsWritten) == 1)
        {
            return step.Find(Write) is { } bytes ? new WriteStep { Bytes = BytesOf(bytes), MayFail = step.Get(MayFail) }
                : step.IsWritten(Pause) ? new WaitStep { Time = step.Get(Pause) }
                : step.Find(Read) is { } command ? ReadOf(step, command)
                : new PollStep
                {
                    Status = ReadOf(step, step.Find(Poll)!),
                    Mask = (uint)step.Get(PollMask),
                    Ready = step.IsWritten(PollReady) ? (uint)step.Get(PollReady) : null,
                    Interval = step.Get(PollInterval),
                    Timeout = step.Get(PollTimeout),
                };
        }

        faults.Add(new ConfigurationFault(step.Origin, $"{step.Path} needs one of \"write\", \"wait\", \"read\" and \"poll\""));
        return null;
    }

    private static ReadStep ReadOf(SettingValues step, IReadOnlyList<long> command) => new()
    {
        Command = BytesOf(command),
        Length = step.Get(Length),
        Delay = step.Get(Delay),
        Crc = ((Setting[])[CrcPolynomial, CrcInit, CrcWord]).Any(step.IsWritten)
            ? new RegisterCrc((byte)step.Get(CrcPolynomial), (byte)step.Get(CrcInit), step.Get(CrcWord))
            : null,
    };

    private static RegisterField FieldOf(SettingValues field, int read) => new()
    {
        Name = field.Find(FieldName) ?? "",
        Kind = field.Get(FieldKind),
        Unit = field.Find(FieldUnit) ?? "",
        Read = read,
        Position = field.Get(FieldPosition),
        Width = field.Get(FieldWidth),
        Order = field.Get(FieldOrder),
        Mask = field.IsWritten(FieldMask) ? (ulong)field.Get(FieldMask) : ulong.MaxValue,
        Shift = field.Get(FieldShift),
        IsSigned = field.Get(FieldSigned),
        Scale = field.Get(FieldScale),
        Offset = field.Get(FieldOffset),
        NoValue = field.IsWritten(FieldNoValue) ? (long)field.Get(FieldNoValue) : null,
        Least = field.IsWritten(FieldLeast) ? field.Get(FieldLeast) : double.NegativeInfinity,
        Greatest = field.IsWritten(FieldGreatest) ? field.Get(FieldGreatest) : double.PositiveInfinity,
    };

    private static byte[] BytesOf(IReadOnlyList<long> numbers) => [.. numbers.Select(number => (byte)number)];
}
