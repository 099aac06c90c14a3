using System.Runtime.CompilerServices;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>__u32 offsets[GPIO_V2_LINES_MAX].</summary>
[InlineArray(64)]
internal struct LineOffsets
{
    private uint _first;
}
