"""Text, images and frames to tokens: vocabularies, ratios, files of any size."""
