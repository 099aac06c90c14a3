using System.Runtime.CompilerServices;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>struct gpio_v2_line_config_attribute[GPIO_V2_LINE_NUM_ATTRS_MAX].</summary>
[InlineArray(10)]
internal struct LineConfigAttributes
{
    private LineConfigAttribute _first;
}
