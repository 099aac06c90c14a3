using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kuzzle.Edge.Hardware.Gpio.Abi;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>Sizes and offsets as a C compiler gives them for linux/gpio.h, linux/i2c-dev.h and poll.h on LP64.</summary>
public sealed class StructureTests
{
    [Fact]
    public void Structures_are_as_long_as_those_of_the_kernel()
    {
        Unsafe.SizeOf<ChipInfo>().ShouldBe(68);
        Unsafe.SizeOf<LineInfo>().ShouldBe(256);
        Unsafe.SizeOf<LineRequest>().ShouldBe(592);
        Unsafe.SizeOf<LineConfig>().ShouldBe(272);
        Unsafe.SizeOf<LineConfigAttribute>().ShouldBe(24);
        Unsafe.SizeOf<LineAttribute>().ShouldBe(16);
        Unsafe.SizeOf<LineValues>().ShouldBe(16);
        Unsafe.SizeOf<LineEvent>().ShouldBe(LineEvent.Size);
        LineEvent.Size.ShouldBe(48);
        Unsafe.SizeOf<I2cMessage>().ShouldBe(16);
        Unsafe.SizeOf<I2cTransferArgument>().ShouldBe(16);
        Unsafe.SizeOf<SmbusArgument>().ShouldBe(16);
        Unsafe.SizeOf<PollEntry>().ShouldBe(8);
    }

    [Fact]
    public void Fields_lie_where_the_kernel_looks_for_them()
    {
        Offset<LineRequest>(nameof(LineRequest.Consumer)).ShouldBe(256);
        Offset<LineRequest>(nameof(LineRequest.Config)).ShouldBe(288);
        Offset<LineRequest>(nameof(LineRequest.LineCount)).ShouldBe(560);
        Offset<LineRequest>(nameof(LineRequest.EventBufferSize)).ShouldBe(564);
        Offset<LineRequest>(nameof(LineRequest.Descriptor)).ShouldBe(588);
        Offset<LineInfo>(nameof(LineInfo.Offset)).ShouldBe(64);
        Offset<LineInfo>(nameof(LineInfo.Flags)).ShouldBe(72);
        Offset<LineInfo>(nameof(LineInfo.Attributes)).ShouldBe(80);
        Offset<LineConfig>(nameof(LineConfig.AttributeCount)).ShouldBe(8);
        Offset<LineConfig>(nameof(LineConfig.Attributes)).ShouldBe(32);
        Offset<LineEvent>(nameof(LineEvent.Sequence)).ShouldBe(16);
        Offset<LineEvent>(nameof(LineEvent.LineSequence)).ShouldBe(20);
        Offset<I2cMessage>(nameof(I2cMessage.Buffer)).ShouldBe(8);
        Offset<SmbusArgument>(nameof(SmbusArgument.Kind)).ShouldBe(4);
        Offset<SmbusArgument>(nameof(SmbusArgument.Data)).ShouldBe(8);
        Offset<I2cTransferArgument>(nameof(I2cTransferArgument.Count)).ShouldBe(8);
    }

    [Theory]
    [InlineData(GpioControl.GetChipInfo, 2, 68, 0x01)]
    [InlineData(GpioControl.GetLineInfo, 3, 256, 0x05)]
    [InlineData(GpioControl.GetLine, 3, 592, 0x07)]
    [InlineData(GpioControl.SetConfig, 3, 272, 0x0D)]
    [InlineData(GpioControl.GetValues, 3, 16, 0x0E)]
    [InlineData(GpioControl.SetValues, 3, 16, 0x0F)]
    public void An_ioctl_is_its_direction_the_length_of_its_structure_and_its_number(uint request, uint direction, uint size, uint number) =>
        request.ShouldBe((direction << 30) | (size << 16) | (0xB4u << 8) | number);

    private static int Offset<T>(string field) => (int)Marshal.OffsetOf<T>(field);
}
